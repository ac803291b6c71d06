import { AppError } from '../../protocol/app-error.ts';
import type { TokenRefusal } from './signature-token.ts';

/** What a token refused, as the error that people read. */
export function tokenRefusal(refusal: TokenRefusal): AppError {
  switch (refusal.kind) {
    case 'pin-refused': {
      const { triesLeft } = refusal;
      return new AppError(triesLeft === 1 ? 'token.pin-last-try' : 'token.pin-refused', { triesLeft });
    }
    case 'token-gone':
      return new AppError('token.absent');
    case 'fault':
      return new AppError(refusal.code);
    default:
      return new AppError(`token.${refusal.kind}`);
  }
}
