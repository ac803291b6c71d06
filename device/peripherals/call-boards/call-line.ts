import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../../protocol/app-error.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { BytePipe } from '../byte-pipe.ts';
import { encodeFrame, type Frame, FrameReader, plateText } from './frame.ts';

export interface CallLineOptions {
  open: () => Promise<BytePipe>;
  boards: readonly { window: string; address: number }[];
  /** The button at a window was pressed. */
  onPress: (window: string) => void;
  /** Told of lines opened, lost and refused. */
  log: (event: 'opened' | 'lost' | 'refused' | 'broken', details: Record<string, string>) => void;
  /** How long a device may take for its answer; 150 when left out. */
  answerMs?: number;
  /** Between two rounds of questions; 200 when left out. */
  pauseMs?: number;
  /** Between two tries to open the line; 2000 when left out. */
  openAgainMs?: number;
}

/** Plates and buttons on one line (docs/CALL-BOARDS.md). */
export interface CallLine {
  /**
   * From now on the window's plate shows this, '' for nothing; told again until the plate says so. A higher
   * `call` of the same number makes it blink anew.
   */
  show(window: string, number: string, call: number): void;
  /** What is wrong with the window's plate. */
  codeOf(window: string): ErrorCode | null;
  stop(): Promise<void>;
}

/** Misses in a row before a device is called silent (F27). */
const missesUntilSilent = 3;
const blinkSeconds = 8;

interface Board {
  window: string;
  address: number;
  wanted: string;
  call: number;
  misses: number;
  /** Presses that were told last; undefined before the first answer. */
  presses: number | undefined;
  isShown: boolean;
}

/** Opens the line and asks round for ever, also after losses; a device that is silent delays no other for long. */
export function startCallLine(options: CallLineOptions): CallLine {
  const { answerMs = 150, pauseMs = 200, openAgainMs = 2000, log } = options;
  const boards: Board[] = options.boards.map(board => ({
    ...board,
    wanted: '',
    call: 0,
    misses: missesUntilSilent - 1,
    presses: undefined,
    isShown: false,
  }));
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);

  async function work(): Promise<void> {
    while (!signal.aborted) {
      let pipe: BytePipe;
      try {
        pipe = await options.open();
      } catch (error) {
        for (const board of boards) missed(board);
        log('refused', { code: codeOf(error) });
        await rest(openAgainMs);
        continue;
      }
      log('opened', {});
      await talk(pipe);
      await pipe.close();
      if (!signal.aborted) log('lost', {});
    }
  }

  async function talk(pipe: BytePipe): Promise<void> {
    const frames = new FrameReader();
    let heard: (frame: Frame) => void = () => undefined;
    let isGone = false;
    const deaf = pipe.onBytes(bytes => {
      for (const frame of frames.read(bytes)) heard(frame);
    });
    pipe.onClose(() => {
      isGone = true;
    });
    try {
      while (!signal.aborted && !isGone) {
        for (const board of boards) if (!isGone) await ask(board);
        await rest(pauseMs);
      }
    } catch (error) {
      // Most often the line broke under a question. It is opened again.
      log('broken', { code: codeOf(error), reason: String(error) });
    } finally {
      deaf();
    }

    async function ask(board: Board): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<string[] | undefined>();
      heard = ({ address, words }) => {
        if (address === board.address && words[0] === 'STATE') resolve(words);
      };
      const { wanted } = board;
      const words = board.isShown ? ['ASK'] : ['SHOW', wanted, wanted === '' ? '0' : String(blinkSeconds)];
      await pipe.write(encodeFrame({ address: board.address, words }));
      const timer = setTimeout(resolve, answerMs, undefined);
      const [, shown, presses] = (await promise) ?? [];
      clearTimeout(timer);
      const count = /^\d{1,3}$/.test(presses ?? '') ? Number(presses) : undefined;
      if (shown === undefined || count === undefined || count > 255) missed(board);
      else answered(board, shown, count);
    }
  }

  function answered(board: Board, shown: string, presses: number): void {
    const before = board.presses;
    board.misses = 0;
    board.presses = presses;
    board.isShown = shown === board.wanted;
    // 0 is a device that was just switched on; before the first answer nobody knows what is new.
    if (before !== undefined && presses !== before && presses !== 0) options.onPress(board.window);
  }

  function missed(board: Board): void {
    board.misses += 1;
    // It may have lost power meanwhile.
    if (board.misses >= missesUntilSilent) board.isShown = false;
  }

  const working = work();
  const find = (window: string) => boards.find(board => board.window === window);
  return {
    show(window, number, call) {
      const board = find(window);
      const wanted = plateText(number);
      if (!board || (board.wanted === wanted && board.call === call)) return;
      Object.assign(board, { wanted, call });
      board.isShown = false;
    },
    codeOf: window => ((find(window)?.misses ?? 0) >= missesUntilSilent ? 'call-board.silent' : null),
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
