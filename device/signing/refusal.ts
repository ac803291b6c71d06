import { AppError } from '../../protocol/app-error.ts';
import type { TokenRefusal } from './signature-token.ts';

/** What a person is told when a token did not sign. */
export function refusalOf(outcome: TokenRefusal): AppError {
  switch (outcome.kind) {
    case 'pin-refused': {
      const { triesLeft } = outcome;
      return new AppError(triesLeft === 1 ? 'token.pin-last-try' : 'token.pin-refused', { triesLeft });
    }
    case 'token-gone':
      return new AppError('token.absent');
    case 'fault':
      return new AppError(outcome.code);
    default:
      return new AppError(`token.${outcome.kind}`);
  }
}
