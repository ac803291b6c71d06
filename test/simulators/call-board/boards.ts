import iconv from 'iconv-lite';

/** What can be wrong with the devices on the line. */
export interface LineFaults {
  /** Obeys and says nothing. */
  losesAnswers: boolean;
  /** Turns a bit of every answer. */
  noise: boolean;
  /** Addresses that are switched off. */
  off: number[];
}

interface Device {
  /** Questions so far. */
  asked: number;
  shown: string;
  presses: number;
}

/**
 * Plates with buttons as docs/CALL-BOARDS.md describes them, on the device's end of the line. Strict: a
 * frame that breaks the page is a violation. Shares no code with the driver.
 */
export class SimulatedBoards {
  readonly violations: string[] = [];
  readonly #devices: Map<number, Device>;
  #line = '';
  faults: LineFaults = { losesAnswers: false, noise: false, off: [] };

  constructor(addresses: readonly number[]) {
    this.#devices = new Map(addresses.map(address => [address, { asked: 0, shown: '', presses: 0 }]));
  }

  shown(address: number): string {
    return this.#device(address).shown;
  }

  asked(address: number): number {
    return this.#device(address).asked;
  }

  press(address: number): void {
    const device = this.#device(address);
    device.presses = device.presses === 255 ? 1 : device.presses + 1;
  }

  /** Power off and on. */
  restart(address: number): void {
    Object.assign(this.#device(address), { shown: '', presses: 0 });
  }

  receive(bytes: Uint8Array, send: (bytes: Uint8Array) => void): void {
    this.#line += Buffer.from(bytes).toString('latin1');
    for (let end = this.#line.indexOf('\r\n'); end >= 0; end = this.#line.indexOf('\r\n')) {
      const answer = this.#obey(Buffer.from(this.#line.slice(0, end), 'latin1'));
      this.#line = this.#line.slice(end + 2);
      if (answer && !this.faults.losesAnswers) send(this.faults.noise ? withTurnedBit(answer) : answer);
    }
  }

  #obey(frame: Buffer): Buffer | undefined {
    const text = iconv.decode(frame, 'cp866');
    const found = /^@([0-9A-F]{2}):(ASK|SHOW,([^,*@]{0,12}),(\d{1,2}))\*([0-9A-F]{2})$/.exec(text);
    if (!found || frame.length > 64) return this.#violate(`no frame: ${text}`);
    const [, hex = '', body = '', shown, seconds, sum = ''] = found;
    if (sumOf(frame.subarray(1, -3)) !== sum) return this.#violate(`wrong sum: ${text}`);
    if (Number(seconds ?? 0) > 60) return this.#violate(`blinks too long: ${text}`);
    const address = Number.parseInt(hex, 16);
    const device = this.#devices.get(address);
    if (!device || this.faults.off.includes(address)) return undefined;
    device.asked += 1;
    if (body !== 'ASK') device.shown = shown ?? '';
    const answer = iconv.encode(`${hex}:STATE,${device.shown},${device.presses}`, 'cp866');
    return Buffer.concat([Buffer.from('@'), answer, Buffer.from(`*${sumOf(answer)}\r\n`)]);
  }

  #violate(what: string): undefined {
    this.violations.push(what);
  }

  #device(address: number): Device {
    const device = this.#devices.get(address);
    if (!device) throw new RangeError(`no device ${address}`);
    return device;
  }
}

const sumOf = (bytes: Uint8Array) =>
  bytes
    .reduce((sum, byte) => sum ^ byte, 0)
    .toString(16)
    .toUpperCase()
    .padStart(2, '0');

function withTurnedBit(frame: Buffer): Buffer {
  const turned = Buffer.from(frame);
  const at = turned.indexOf(',') + 1;
  turned[at] = (turned[at] ?? 0) ^ 0x04;
  return turned;
}
