import type { BytePipe } from '../byte-pipe.ts';
import type { DriverEnv, OpenedDevice } from '../driver.ts';
import { escapedBytes, Framer, pauseMs } from './framing.ts';

/** Cuts what comes over a pipe into frames; `decode` turns a piece of the line into bytes of frames. */
export function readFrames(
  pipe: BytePipe,
  env: DriverEnv,
  decode: (bytes: Uint8Array) => Uint8Array,
  onFrame: (frame: Uint8Array) => void,
): OpenedDevice {
  const framer = new Framer({
    prefix: escapedBytes(env.settings.prefix),
    suffix: escapedBytes(env.settings.suffix),
  });
  let silence: NodeJS.Timeout | undefined;
  let garbage = 0;
  const tell = (frames: Uint8Array[]) => {
    for (const frame of frames) onFrame(frame);
    if (framer.garbage !== garbage) env.garbage();
    garbage = framer.garbage;
  };
  const stop = pipe.onBytes(bytes => {
    clearTimeout(silence);
    tell(framer.take(decode(bytes)));
    silence = setTimeout(() => tell(framer.pause()), pauseMs);
  });
  return {
    onClose: listener => pipe.onClose(listener),
    close() {
      clearTimeout(silence);
      stop();
      return pipe.close();
    },
  };
}
