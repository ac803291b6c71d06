import { signal } from '@preact/signals';

/** Whether the browser lets the board sound; a wall screen is started with sound allowed. */
export const soundAllowed = signal(true);

let context: AudioContext | null = null;

/** Two soft notes, a falling third. */
export function chime(): void {
  context ??= new AudioContext();
  soundAllowed.value = context.state === 'running';
  if (context.state !== 'running') {
    // The state becomes `running` a moment after the first permitted start.
    void context.resume().then(() => {
      soundAllowed.value = context?.state === 'running';
    });
  }
  note(context, 660, 0);
  note(context, 523, 0.35);
}

/** After a touch the browser allows sound. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume().then(chime);
}

function note(audio: AudioContext, hertz: number, afterSeconds: number): void {
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
