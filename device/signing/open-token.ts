import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Records } from '../journal/open-records.ts';
import { tokenProfiles } from '../peripherals/tokens/profiles.ts';
import { createTokenService, type TokenService } from './token-service.ts';

/** The branch's token, whose wrong PINs are counted over restarts. Throws `setup.bad-configuration`. */
export function openToken(
  { profile: id, modulePath, label, serial, env, keepPinMinutes = 0 }: BoxConfig['token'],
  { journal, boxState }: Records,
  log: Log,
  onPlug: () => void,
): TokenService {
  const profile = Object.values(tokenProfiles).find(known => known.id === id);
  if (!profile) throw new AppError('setup.bad-configuration', { what: 'token.profile' });
  return createTokenService({
    modulePath,
    tokenLabel: label,
    tokenSerial: serial,
    env,
    profile,
    keepPinMs: keepPinMinutes * 60_000,
    log,
    onPlug,
    pinTries: {
      get: serial => Number(boxState.get(`wrong-pins:${serial}`) ?? 0),
      async set(serial, tries) {
        await journal.commit([], () => boxState.set(`wrong-pins:${serial}`, String(tries)));
      },
    },
  });
}
