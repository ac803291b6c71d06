import pkcs11js from 'pkcs11js';
import type {
  KeptPin,
  NumberedReply,
  NumberedRequest,
  PinFlags,
  PlugNews,
  TokenChoice,
  TokenReply,
  TokenRequest,
} from './pkcs11-messages.ts';

/*
 * Child process that owns the vendor's PKCS#11 module: a crash or a hang in it ends here and never
 * reaches the queue. Started with the module's path as its only argument; speaks
 * over the IPC channel and ends with it.
 */

type Handle = ReturnType<pkcs11js.PKCS11['C_OpenSession']>;

const modulePath = process.argv[2] ?? '';
const cryptoki = new pkcs11js.PKCS11();
/** RSA of 8192 bits. */
const longestValueBytes = 1024;
let loaded = false;
let session: { handle: Handle; key: Handle; token: TokenChoice } | undefined;

let kept: { pin: Buffer; holder: string; timer: NodeJS.Timeout } | undefined;

/** Overwrites the kept PIN. What the engine made of it on the way is out of reach, and goes with the process. */
function forget(): void {
  if (!kept) return;
  clearTimeout(kept.timer);
  kept.pin.fill(0);
  kept = undefined;
}

function keep(pin: string, { holder, keepMs }: KeptPin): void {
  forget();
  if (keepMs > 0) kept = { pin: Buffer.from(pin), holder, timer: setTimeout(forget, keepMs) };
}

const rvOf = (error: unknown): number | undefined =>
  error instanceof pkcs11js.Pkcs11Error ? error.code : undefined;

/** Names only: a vendor's message may quote its input. */
const reasonOf = (error: unknown): string =>
  error instanceof pkcs11js.Pkcs11Error
    ? (/^CKR_\w+/.exec(error.message)?.[0] ?? `CKR ${error.code}`)
    : error instanceof Error
      ? error.name
      : 'unknown';

function load(): void {
  if (loaded) return;
  cryptoki.load(modulePath);
  cryptoki.C_Initialize();
  loaded = true;
  slots ??= listSlots();
}

/** Some modules keep dead handles after a token was pulled until they are initialised anew. */
function reload(): void {
  session = undefined;
  if (!loaded) return;
  try {
    cryptoki.C_Finalize();
  } finally {
    loaded = false;
    cryptoki.close();
  }
}

/**
 * By label and serial number, since slot numbers change; SoftHSM shows an uninitialised slot besides, which
 * has neither.
 */
function findSlot(token: TokenChoice) {
  let others = false;
  for (const slot of cryptoki.C_GetSlotList(true)) {
    const info = cryptoki.C_GetTokenInfo(slot);
    if (!(info.flags & pkcs11js.CKF_TOKEN_INITIALIZED)) continue;
    const isMeant =
      (token.label ?? info.label.trim()) === info.label.trim() &&
      (token.serial ?? info.serialNumber.trim()) === info.serialNumber.trim();
    if (isMeant) return { kind: 'found', slot, info } as const;
    others = true;
  }
  return others ? ({ kind: 'other-token' } as const) : ({ kind: 'absent' } as const);
}

/** Between questions for the slots: C_WaitForSlotEvent would block this process, or is not supported (SoftHSM). */
const slotsEveryMs = 500;
let slots: string | undefined;

function listSlots(): string {
  try {
    return cryptoki
      .C_GetSlotList(true)
      .map(slot => slot.toString('hex'))
      .join(' ');
  } catch {
    // A module whose token was just pulled may refuse anything; the next request initialises it anew.
    return '';
  }
}

/** Tells when other slots hold tokens than before. */
function watchSlots(): void {
  if (!loaded) return;
  const before = slots;
  slots = listSlots();
  if (before === slots) return;
  if (slots === '') forget();
  process.send?.({ id: null } satisfies PlugNews);
}

const pinFlagsOf = (flags: number): PinFlags => ({
  countLow: Boolean(flags & pkcs11js.CKF_USER_PIN_COUNT_LOW),
  finalTry: Boolean(flags & pkcs11js.CKF_USER_PIN_FINAL_TRY),
  locked: Boolean(flags & pkcs11js.CKF_USER_PIN_LOCKED),
});

function findObjects(handle: Handle, template: { type: number; value: number | Buffer }[]): Handle[] {
  cryptoki.C_FindObjectsInit(handle, template);
  try {
    return cryptoki.C_FindObjects(handle, 100);
  } finally {
    cryptoki.C_FindObjectsFinal(handle);
  }
}

function look(token: TokenChoice): TokenReply {
  const found = findSlot(token);
  if (found.kind !== 'found') {
    // Whoever pulls the token out takes the right to sign along.
    forget();
    return found;
  }
  const handle = cryptoki.C_OpenSession(found.slot, pkcs11js.CKF_SERIAL_SESSION);
  try {
    const certificates = findObjects(handle, [
      { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
      { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
    ]).map(object => {
      const [id, value] = cryptoki.C_GetAttributeValue(handle, object, [
        { type: pkcs11js.CKA_ID },
        { type: pkcs11js.CKA_VALUE },
      ]);
      return { keyId: id?.value ?? Buffer.alloc(0), der: value?.value ?? Buffer.alloc(0) };
    });
    return {
      kind: 'token',
      label: found.info.label.trim(),
      serial: found.info.serialNumber.trim(),
      pinFlags: pinFlagsOf(found.info.flags),
      certificates,
    };
  } finally {
    cryptoki.C_CloseSession(handle);
  }
}

/** The PIN goes to `C_Login` exactly once, whatever happens: a second call could lock the token. */
function open(request: Extract<TokenRequest, { op: 'open' }>): TokenReply {
  close();
  const pin = request.pin ?? (kept?.holder === request.keep.holder ? kept.pin.toString() : null);
  if (pin === null) return { kind: 'pin-needed' };
  const found = findSlot(request.token);
  if (found.kind !== 'found') {
    forget();
    return found;
  }
  if (found.info.flags & pkcs11js.CKF_USER_PIN_LOCKED) return { kind: 'pin-locked' };
  const handle = cryptoki.C_OpenSession(found.slot, pkcs11js.CKF_SERIAL_SESSION);
  try {
    cryptoki.C_Login(handle, pkcs11js.CKU_USER, pin);
  } catch (error) {
    forget();
    cryptoki.C_CloseSession(handle);
    const rv = rvOf(error);
    if (rv === pkcs11js.CKR_PIN_LOCKED) return { kind: 'pin-locked' };
    const counted = rv === pkcs11js.CKR_PIN_INCORRECT;
    if (!counted && rv !== pkcs11js.CKR_PIN_LEN_RANGE && rv !== pkcs11js.CKR_PIN_INVALID) throw error;
    return { kind: 'pin-refused', counted, pinFlags: pinFlagsOf(cryptoki.C_GetTokenInfo(found.slot).flags) };
  }
  if (request.pin !== null) keep(request.pin, request.keep);
  const key = findObjects(handle, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_ID, value: Buffer.from(request.keyId) },
  ])[0];
  if (!key) {
    endSession(handle);
    return { kind: 'no-key' };
  }
  session = { handle, key, token: request.token };
  return { kind: 'opened' };
}

function sign({ input, mechanism: how }: Extract<TokenRequest, { op: 'sign' }>): TokenReply {
  if (!session) return { kind: 'failed', reason: 'no session' };
  const { handle, key } = session;
  const { mechanism, pss } = how;
  const parameter = pss && {
    type: pkcs11js.CK_PARAMS_RSA_PSS,
    hashAlg: pss.digest,
    mgf: pss.mask,
    saltLen: pss.saltBytes,
  };
  cryptoki.C_SignInit(handle, parameter ? { mechanism, parameter } : { mechanism }, key);
  const value = cryptoki.C_Sign(handle, Buffer.from(input), Buffer.alloc(longestValueBytes));
  return { kind: 'signature', signature: how.valueReversed ? value.toReversed() : value };
}

function endSession(handle: Handle): void {
  try {
    cryptoki.C_Logout(handle);
  } finally {
    cryptoki.C_CloseSession(handle);
  }
}

function close(): TokenReply {
  const open = session;
  session = undefined;
  if (open) endSession(open.handle);
  return { kind: 'closed' };
}

function perform(request: TokenRequest): TokenReply {
  load();
  switch (request.op) {
    case 'look':
      return look(request.token);
    case 'open':
      return open(request);
    case 'sign':
      return sign(request);
    case 'forget':
      forget();
      return { kind: 'closed' };
    case 'close':
      return close();
  }
}

/** A pulled token answers with one of a dozen codes, by vendor; whether it is still there tells them apart. */
function afterFailure(error: unknown, token: TokenChoice): TokenReply {
  try {
    reload();
    load();
    if (findSlot(token).kind !== 'found') {
      forget();
      return { kind: 'absent' };
    }
  } catch (second) {
    return { kind: 'failed', reason: `${reasonOf(error)}, then ${reasonOf(second)}` };
  }
  return { kind: 'failed', reason: reasonOf(error) };
}

process.on('message', (message: NumberedRequest) => {
  const { id, request } = message;
  const token = 'token' in request ? request.token : session?.token;
  let reply: TokenReply;
  try {
    reply = perform(request);
  } catch (error) {
    reply = afterFailure(error, token ?? {});
  }
  process.send?.({ id, reply } satisfies NumberedReply);
});
process.on('disconnect', () => process.exit(0));
setInterval(watchSlots, slotsEveryMs);
