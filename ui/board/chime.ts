import { playNotes } from '../shared/tone.ts';

/** Two soft notes, a falling third; resolves when a voice may follow. */
export function chime(): Promise<void> {
  return playNotes([
    { hertz: 660, afterSeconds: 0 },
    { hertz: 523, afterSeconds: 0.35 },
  ]);
}
