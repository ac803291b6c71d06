import type { BytePipe } from '../../byte-pipe.ts';
import type { TicketPrinterStatus } from '../../driver.ts';
import { type Answer, AnswerReader, statusFrom } from './answers.ts';
import { clearBuffers, realTimeStatus, transmitPaperStatus } from './commands.ts';
import type { EscposModel } from './model.ts';

/** Longest pause inside one answer, in ms; an answer has at most 6 bytes, 6 ms at 9600 baud. */
const silenceMs = 60;

/** Everything that can end the wait for a printed ticket. */
export type LineEvent = Answer | { kind: 'closed' };

/** Questions and answers over one pipe. One question at a time; the caller keeps them in order. */
export class Conversation {
  readonly #pipe: BytePipe;
  readonly #answerMs: number;
  readonly #model: EscposModel;
  readonly #reader: AnswerReader;
  readonly #listeners = new Set<(event: LineEvent) => void>();
  #stop: () => void = () => undefined;
  #silence: NodeJS.Timeout | undefined;
  /** An answer was late and may still come: it must not be taken for the answer to the next question. */
  #mayBeLate = true;
  closed = false;

  constructor(pipe: BytePipe, answerMs: number, model: EscposModel) {
    this.#pipe = pipe;
    this.#answerMs = answerMs;
    this.#model = model;
    this.#reader = new AnswerReader(model);
  }

  /** Begins to listen on the pipe. `answerMs` is how long a printer may think about one question. */
  static over(pipe: BytePipe, answerMs: number, model: EscposModel): Conversation {
    const conversation = new Conversation(pipe, answerMs, model);
    conversation.#stop = pipe.onBytes(bytes => conversation.#arrived(bytes));
    pipe.onClose(() => conversation.#gone());
    return conversation;
  }

  /** Calls back for every answer and for the end of the line. Returns the way to stop it. */
  listen(listener: (event: LineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(bytes: Uint8Array | number[]): Promise<void> {
    return this.#pipe.write(Uint8Array.from(bytes));
  }

  /** Asks the real-time questions of the make; undefined when the printer left one unanswered. */
  async status(): Promise<TicketPrinterStatus | undefined> {
    await this.#settle();
    const status = this.#model.fullStatus ? await this.#fullStatus() : await this.#fourAnswers();
    if (!status) this.#mayBeLate = true;
    // Without the sensor the bits say anything.
    return status && { ...status, paperNearEnd: status.paperNearEnd && this.#model.nearEndSensor };
  }

  async #fullStatus(): Promise<TicketPrinterStatus | undefined> {
    const [answer] = await this.#ask(realTimeStatus(20), 'full');
    return answer?.kind === 'full' ? answer.status : undefined;
  }

  /** All four at once: over USB and serial lines each way there and back costs as much as the four. */
  async #fourAnswers(): Promise<TicketPrinterStatus | undefined> {
    const questions = ([1, 2, 3, 4] as const).flatMap(realTimeStatus);
    const answers = await this.#ask(questions, 'real-time', 4);
    const [one, two, three, four] = answers.map(answer => (answer.kind === 'real-time' ? answer.value : 0));
    if (one === undefined || two === undefined || three === undefined || four === undefined) return undefined;
    return statusFrom(one, two, three, four);
  }

  /** Whether the printer has worked off what it was sent before, and owes no confirmation any more. */
  async isIdle(): Promise<boolean> {
    const answers = await this.#ask(transmitPaperStatus, 'paper');
    this.#mayBeLate = true;
    await this.#settle();
    return answers.length > 0;
  }

  /** Calls back what was sent and not printed. True when the printer says so. */
  async clear(): Promise<boolean> {
    return (await this.#ask(clearBuffers, 'buffers-cleared')).length > 0;
  }

  close(): Promise<void> {
    this.#gone();
    return this.#pipe.close();
  }

  /** The next `count` answers of a kind, in order; none when one of them is missing in time. */
  async #ask(question: number[], kind: Answer['kind'], count = 1): Promise<LineEvent[]> {
    if (this.closed) return [];
    const answers: LineEvent[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const forget = this.listen(event => {
      if (event.kind === kind) answers.push(event);
      if (answers.length === count || event.kind === 'closed') resolve();
    });
    const timer = setTimeout(resolve, this.#answerMs);
    try {
      await this.send(question);
      await promise;
      return answers.length === count ? answers : [];
    } catch {
      // The line is gone: the same as no answer. Whoever opened the pipe hears of it by onClose.
      return [];
    } finally {
      clearTimeout(timer);
      forget();
    }
  }

  /** Lets late answers arrive and be dropped. */
  async #settle(): Promise<void> {
    if (!this.#mayBeLate || this.closed) return;
    await new Promise(resolve => setTimeout(resolve, silenceMs * 2));
    this.#mayBeLate = false;
  }

  #arrived(bytes: Uint8Array): void {
    clearTimeout(this.#silence);
    this.#tell(this.#reader.read(bytes));
    this.#silence = setTimeout(() => this.#tell(this.#reader.silence()), silenceMs);
  }

  #tell(events: LineEvent[]): void {
    for (const event of events) for (const listener of [...this.#listeners]) listener(event);
  }

  #gone(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.#silence);
    this.#stop();
    this.#tell([{ kind: 'closed' }]);
  }
}
