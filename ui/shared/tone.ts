import { signal } from '@preact/signals';

/** Whether the browser lets the page sound; screens of a branch are started with sound allowed. */
export const soundAllowed = signal(true);

let context: AudioContext | null = null;

export interface Note {
  hertz: number;
  afterSeconds: number;
}

/** Plays soft notes; resolves when the last has died away. */
export async function playNotes(notes: readonly Note[]): Promise<void> {
  context ??= new AudioContext();
  soundAllowed.value = context.state === 'running';
  if (context.state !== 'running') {
    // The state becomes `running` a moment after the first permitted start.
    void context.resume().then(() => {
      soundAllowed.value = context?.state === 'running';
    });
  }
  for (const note of notes) play(context, note);
  const lastSeconds = Math.max(...notes.map(note => note.afterSeconds));
  await new Promise(resolve => setTimeout(resolve, (lastSeconds + dieSeconds) * 1000));
}

/** One low note: look at the screen. */
export function softTone(): void {
  void playNotes([{ hertz: 440, afterSeconds: 0 }]);
}

const dieSeconds = 0.9;

function play(audio: AudioContext, { hertz, afterSeconds }: Note): void {
  const start = audio.currentTime + afterSeconds;
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.25, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 1.2);
  const tone = new OscillatorNode(audio, { type: 'sine', frequency: hertz });
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 1.3);
}
