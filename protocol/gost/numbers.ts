/** Non-negative numbers and their bytes, and arithmetic modulo a prime. */

export function fromBigEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return fromBigEndian(bytes.toReversed());
}

export function toBigEndian(value: bigint, sizeBytes: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(sizeBytes * 2, '0'), 'hex');
}

export function toLittleEndian(value: bigint, sizeBytes: number): Uint8Array {
  return toBigEndian(value, sizeBytes).toReversed();
}

/** The remainder that is not negative. */
export function modulo(value: bigint, modulus: bigint): bigint {
  const remainder = value % modulus;
  return remainder < 0n ? remainder + modulus : remainder;
}

/** The inverse of `value`, which must not be a multiple of the prime `modulus`. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, nextRest] = [modulus, modulo(value, modulus)];
  let [factor, nextFactor] = [0n, 1n];
  while (nextRest > 0n) {
    const quotient = rest / nextRest;
    [rest, nextRest] = [nextRest, rest - quotient * nextRest];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return modulo(factor, modulus);
}
