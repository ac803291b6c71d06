/** A card as both readers of this folder see it. */
export interface SimulatedCard {
  atr: Uint8Array;
  /** Answers one command, with the status word at its end. A promise that never resolves is a card that hangs. */
  answer(apdu: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface ResidentCardData {
  number: string;
  fullName: string;
  birthDate: string;
  snils: string;
}

/** The number that a contactless reader tells. */
export const uid = Buffer.from('04A1B2C3D4E5F6', 'hex');
/** ISO 14443 part 4 without historical bytes (PC/SC part 3, clause 3.1.3.2.3). */
const contactlessAtr = Buffer.from('3B80800101', 'hex');
const application = Buffer.from('F04F4B4E4F01', 'hex');
const fine = Buffer.from('9000', 'hex');
const noFile = Buffer.from('6A82', 'hex');
const notAllowed = Buffer.from('6986', 'hex');
const unknown = Buffer.from('6D00', 'hex');

/** The invented card of a resident: an application with one file of elements. Shares no code with its profile. */
export function residentCard(data: ResidentCardData): SimulatedCard {
  const file = Buffer.concat(
    [data.number, data.fullName, data.birthDate, data.snils].map((text, index) => {
      const value = Buffer.from(text);
      return Buffer.concat([Buffer.of(0x81 + index, value.length), value]);
    }),
  );
  let isSelected = false;
  return {
    atr: contactlessAtr,
    answer(apdu) {
      const [cla, ins, p1 = 0, p2 = 0, last = 0] = apdu;
      if (cla === 0xff && ins === 0xca) return Buffer.concat([uid, fine]);
      if (cla !== 0) return unknown;
      if (ins === 0xa4) {
        isSelected = Buffer.from(apdu.subarray(5, 5 + last)).equals(application);
        return isSelected ? fine : noFile;
      }
      if (ins !== 0xb0) return unknown;
      if (!isSelected) return notAllowed;
      const at = p1 * 256 + p2;
      return Buffer.concat([file.subarray(at, at + (last || 256)), fine]);
    },
  };
}

/** A contact card that nobody knows: it has an ATR and refuses everything. */
export function strangersCard(): SimulatedCard {
  return { atr: Buffer.from('3B021450', 'hex'), answer: () => unknown };
}
