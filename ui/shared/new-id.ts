/**
 * An identifier that begins with the time (UUID version 7, RFC 9562, 5.7): what pages ask for together then lies
 * together in the box's database (ADR 16). `crypto.randomUUID` is missing on pages served without TLS.
 */
export function newId(): string {
  const time = Math.max(0, Date.now()).toString(16).padStart(12, '0').slice(-12);
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80;
  const random = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(1, 4)}-${random.slice(4, 8)}-${random.slice(8)}`;
}
