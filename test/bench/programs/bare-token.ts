import pkcs11js from 'pkcs11js';
import { tell } from './conversation.ts';

/** `bare-token MODULE LABEL PIN MECHANISM BYTES MS`: signatures of a PKCS#11 token that nobody does anything with. */
const [module = '', label, pin = '', mechanism, sizeBytes, forMs] = process.argv.slice(2);
const cryptoki = new pkcs11js.PKCS11();
cryptoki.load(module);
cryptoki.C_Initialize();
const slot = cryptoki.C_GetSlotList(true).find(each => cryptoki.C_GetTokenInfo(each).label.trim() === label);
if (!slot) throw new Error(`no token ${label}`);
const session = cryptoki.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
cryptoki.C_Login(session, pkcs11js.CKU_USER, pin);
cryptoki.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }]);
const [key] = cryptoki.C_FindObjects(session, 1);
cryptoki.C_FindObjectsFinal(session);
if (!key) throw new Error('no key');

const data = Buffer.alloc(Number(sizeBytes), 7);
const begunMs = performance.now();
let count = 0;
for (; count === 0 || performance.now() - begunMs < Number(forMs); count++) {
  cryptoki.C_SignInit(session, { mechanism: Number(mechanism) }, key);
  cryptoki.C_Sign(session, data, Buffer.alloc(1024));
}
tell({ perSecond: (count * 1000) / (performance.now() - begunMs) });
