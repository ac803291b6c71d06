import type { SignatureAlgorithm } from '../../../protocol/signature/cades.ts';

/** How a token is asked for one signature. */
export interface TokenMechanism {
  /** Number of the PKCS#11 mechanism. */
  mechanism: number;
  /** What it is given: the bytes, which the token digests by itself, or their digest. */
  input: 'bytes' | 'digest';
  /** CK_RSA_PKCS_PSS_PARAMS, by the numbers of the digest and of the mask generator. */
  pss?: { digest: number; mask: number; saltBytes: number };
  /** Whether the value comes with its bytes from the other end than PKCS#11 says. */
  valueReversed?: boolean;
}

export type TokenMechanisms = Partial<Record<SignatureAlgorithm, TokenMechanism>>;

// PKCS#11 2.40; the numbers of 34.10-2012 with 512 bits are those that the technical committee 26 gave out.
const ckmRsaPss = 0x0d;
const ckmSha256RsaPkcs = 0x40;
const ckmSha256 = 0x250;
const ckgMgf1Sha256 = 2;
const ckmEcdsa = 0x1041;
const ckmGostR3410 = 0x1201;
const ckmGostR3410With512 = 0xd4321006;

export const rsaMechanisms: TokenMechanisms = {
  'rsa-pkcs1-sha256': { mechanism: ckmSha256RsaPkcs, input: 'bytes' },
};

export const rsaPssMechanisms: TokenMechanisms = {
  'rsa-pss-sha256': {
    mechanism: ckmRsaPss,
    input: 'digest',
    pss: { digest: ckmSha256, mask: ckgMgf1Sha256, saltBytes: 32 },
  },
};

export const ecdsaMechanisms: TokenMechanisms = {
  'ecdsa-p256-sha256': { mechanism: ckmEcdsa, input: 'digest' },
  'ecdsa-p384-sha384': { mechanism: ckmEcdsa, input: 'digest' },
};

/**
 * Digested here and signed by the bare mechanism: some tokens refuse the one with the digest inside for
 * keys of 2012 (pkcs11js issue 40), and hash a megabyte in seconds.
 */
export const gostMechanisms: TokenMechanisms = {
  'gost-2012-256': { mechanism: ckmGostR3410, input: 'digest' },
  'gost-2012-512': { mechanism: ckmGostR3410With512, input: 'digest' },
};
