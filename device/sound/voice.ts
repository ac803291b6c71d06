import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTurns } from '../../platform/turns.ts';
import { AppError } from '../../protocol/app-error.ts';

const run = promisify(execFile);

export interface Voice {
  /** Whether this machine can speak at all. */
  isThere(): Promise<boolean>;
  /** The text as a WAV file, 22 kHz, mono. Throws `sound.no-voice`. */
  say(text: string, language: string): Promise<Buffer>;
}

/** A little slower than usual: halls echo. */
const wordsPerMinute = '145';
const longestMs = 15_000;
const wavBytes = 8 * 1024 * 1024;
/** A sentence has 100–300 KB; calls and screens repeat all day. */
const kept = 48;
/** Whoever comes when so many wait is refused: a voice that is minutes late helps nobody. */
const mostWaiting = 12;

/** Debian's `espeak-ng`, one sentence after the other: it must not take the processor from the queue. */
export function createVoice(): Voice {
  const turns = createTurns();
  const spoken = new Map<string, Buffer>();
  let waiting = 0;
  let isThere: Promise<boolean> | undefined;

  async function speak(text: string, language: string): Promise<Buffer> {
    const options = ['-v', language, '-s', wordsPerMinute, '-p', '45', '--stdout', '--', text];
    const { stdout } = await run('espeak-ng', options, {
      encoding: 'buffer',
      timeout: longestMs,
      maxBuffer: wavBytes,
    }).catch((cause: unknown) => {
      throw new AppError('sound.no-voice', {}, { cause });
    });
    return withLength(stdout);
  }

  return {
    isThere() {
      isThere ??= run('espeak-ng', ['--version'], { timeout: longestMs }).then(
        () => true,
        () => false,
      );
      return isThere;
    },
    async say(text, language) {
      const key = `${language} ${text}`;
      const known = spoken.get(key);
      if (known) return known;
      if (waiting >= mostWaiting) throw new AppError('sound.no-voice');
      waiting++;
      return turns
        .take('voice', async () => {
          const wav = spoken.get(key) ?? (await speak(text, language));
          spoken.delete(key);
          spoken.set(key, wav);
          const [oldest] = spoken.keys();
          if (spoken.size > kept && oldest !== undefined) spoken.delete(oldest);
          return wav;
        })
        .finally(() => {
          waiting--;
        });
    },
  };
}

/** On a pipe the program cannot go back to write how long the sound is (RIFF and data chunk sizes). */
function withLength(wav: Buffer): Buffer {
  if (wav.length < 44 || wav.toString('latin1', 0, 4) !== 'RIFF') throw new AppError('sound.no-voice');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(wav.length - 44, 40);
  return wav;
}
