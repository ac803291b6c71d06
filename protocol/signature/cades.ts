/** Detached CAdES-BES signatures: making and judging them. The one door for box, centre and simulators. */
export { buildCades, type CadesInput, type Sign, signWithKey } from './cades-build.ts';
export { type VerifyInput, verifyCades } from './cades-verify.ts';
export type { SignatureAlgorithm } from './profiles.ts';
export type { SignatureVerdict, Signer, Verdict } from './verdict.ts';
