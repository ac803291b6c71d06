import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readAnchors, readTlsIdentity } from '../../platform/certificates.ts';
import type { BoxConfig } from './box-config.ts';

/** Certificates that the box believes, DER. */
export interface Trust {
  clerks: Uint8Array[];
  /** For applicants who sign themselves (KEM-19). */
  applicants: Uint8Array[];
  boxes: Uint8Array[];
  officers: Uint8Array[];
  agencySystems: Uint8Array[];
}

/** Key and certificate (DER) that the box signs containers and checkpoints with. */
export interface Seal {
  key: KeyObject;
  certificate: Uint8Array;
}

export async function readTrust(files: BoxConfig['trust']): Promise<Trust> {
  return {
    clerks: await readAnchors(files.clerks),
    applicants: await readAnchors(files.applicants ?? files.clerks),
    boxes: await readAnchors(files.boxes),
    officers: await readAnchors(files.officers),
    agencySystems: await readAnchors(files.agencySystems),
  };
}

/** Who the box is: to the centre by its connection, on paper and in the journal by its seal. */
export async function readIdentity(files: BoxConfig['identity']) {
  const seal: Seal = {
    key: createPrivateKey(await readFile(files.sealKey)),
    certificate: new X509Certificate(await readFile(files.sealCert)).raw,
  };
  return { tls: await readTlsIdentity(files), seal };
}
