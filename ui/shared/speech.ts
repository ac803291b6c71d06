import { signal } from '@preact/signals';
import { language } from './language.ts';
import { localesOf } from './languages.ts';

/** Whether the box has a voice; the browser's own is looked for each time. */
export const boxSpeaks = signal(false);

export interface Utterance {
  /** Name by which the box knows the text (`GET /api/speech`). */
  textId: string;
  /** The same for the browser's voice, when the page has the words at hand. */
  text?: string;
}

let run = 0;
let playing: HTMLAudioElement | null = null;

export function canSpeak(): boolean {
  return boxSpeaks.value || browserVoice() !== undefined;
}

/** A voice of the browser for the language of the page; none of them may ask a server outside. */
function browserVoice(): SpeechSynthesisVoice | undefined {
  const [locale = 'ru-RU'] = localesOf(language.value);
  return globalThis.speechSynthesis
    ?.getVoices()
    .find(voice => voice.localService && voice.lang.slice(0, 2) === locale.slice(0, 2));
}

export function beSilent(): void {
  run += 1;
  globalThis.speechSynthesis?.cancel();
  playing?.pause();
  playing = null;
}

/** Says these one after the other, in place of whatever is being said. Resolves when all is said or dropped. */
export async function say(utterances: readonly Utterance[]): Promise<void> {
  beSilent();
  const mine = run;
  for (const utterance of utterances) {
    const voice = browserVoice();
    if (voice && utterance.text !== undefined) await sayHere(utterance.text, voice);
    else await playFromBox(utterance.textId);
    if (mine !== run) return;
  }
}

function sayHere(text: string, voice: SpeechSynthesisVoice): Promise<void> {
  return new Promise(resolve => {
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.onend = () => resolve();
    spoken.onerror = () => resolve();
    speechSynthesis.speak(spoken);
  });
}

/** One whose bytes do not come for so long is left out: it must not hold up the calls behind it. */
const silentMs = 15_000;

/** A sound that cannot be played is left out: the words are on the screen. */
export function playFromBox(textId: string, spokenLanguage: string = language.value): Promise<void> {
  return new Promise(resolve => {
    const asked = new URLSearchParams({ 'text-id': textId, language: spokenLanguage });
    const audio = new Audio(`/api/speech?${asked}`);
    playing = audio;
    audio.onended = () => resolve();
    audio.onerror = () => resolve();
    audio.onpause = () => resolve();
    const leave = () => {
      audio.pause();
      resolve();
    };
    let timer = setTimeout(leave, silentMs);
    audio.onplaying = () => clearTimeout(timer);
    audio.onwaiting = () => {
      clearTimeout(timer);
      timer = setTimeout(leave, silentMs);
    };
    audio.play().catch(() => resolve());
  });
}
