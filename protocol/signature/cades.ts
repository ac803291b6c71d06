/** Detached CAdES-BES signatures: making and judging them. The one door for box, centre and simulators. */
export { buildCades, signWithKey } from './cades-build.ts';
export { verifyCades } from './cades-verify.ts';
export type { SignatureAlgorithm } from './profiles.ts';
