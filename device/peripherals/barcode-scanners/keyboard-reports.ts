/** Signs of a US keyboard from usage 0x04 on (HID usage tables, section 10): that is how wedge scanners type. */
const plain = "abcdefghijklmnopqrstuvwxyz1234567890\r\u001b\b\t -=[]\\#;'`,./";
const shifted = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()\r\u001b\b\t _+{}|~:"~<>?';
const keypad = '/*-+\r1234567890.';
const keypadFirst = 0x54;
const leftOrRightShift = 0x22;
const leftOrRightAlt = 0x44;
const leftOrRightControl = 0x11;

/**
 * What a keyboard-wedge scanner types, from the reports of the boot protocol (HID 1.11, appendix B): modifiers, a
 * spare byte, up to six keys that are down. Signs outside of ASCII come as Alt and digits of the keypad, Ctrl and a
 * letter is a control character (Ctrl ] is GS1's separator).
 */
export class KeyboardReports {
  #down = new Set<number>();
  #altDigits = '';

  /** Bytes that this report adds; usually none or one. */
  take(report: Uint8Array): number[] {
    const modifiers = report[0] ?? 0;
    const keys = [...report.subarray(2, 8)].filter(key => key > 3);
    const pressed = keys.filter(key => !this.#down.has(key));
    this.#down = new Set(keys);
    const bytes = modifiers & leftOrRightAlt ? this.#collect(pressed) : this.#finish();
    if (modifiers & leftOrRightAlt) return bytes;
    for (const key of pressed) {
      const sign = signOf(key, (modifiers & leftOrRightShift) !== 0);
      if (sign === undefined) continue;
      const code = sign.charCodeAt(0);
      bytes.push(modifiers & leftOrRightControl ? code & 0x1f : code);
    }
    return bytes;
  }

  #collect(pressed: number[]): number[] {
    for (const key of pressed) {
      const sign = keypad[key - keypadFirst];
      if (sign !== undefined && /\d/.test(sign)) this.#altDigits = (this.#altDigits + sign).slice(-4);
    }
    return [];
  }

  /** Alt was let go: its digits are one byte of the Windows page. */
  #finish(): number[] {
    const value = Number(this.#altDigits);
    const isTyped = this.#altDigits !== '';
    this.#altDigits = '';
    return isTyped && value > 0 && value < 256 ? [value] : [];
  }
}

function signOf(key: number, isShifted: boolean): string | undefined {
  if (key >= keypadFirst) return keypad[key - keypadFirst];
  return (isShifted ? shifted : plain)[key - 4];
}
