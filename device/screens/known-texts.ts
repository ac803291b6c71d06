import { AppError } from '../../protocol/app-error.ts';
import { spokenIn, spokenScreens } from '../../protocol/spoken-texts.ts';
import type { Text } from '../../protocol/values.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Hall } from '../hall/hall.ts';

/** A text and the language that it is in. */
export interface KnownText {
  text: string;
  language: string;
}

/**
 * What the box reads aloud, by name. A text of the asker's own is never read: anybody in the hall's network
 * could make the boards say it. Throws `sound.unknown-text`, `queue.unknown-ticket`.
 */
export function findKnownText(
  textId: string,
  language: string,
  parts: { register: RegisterHolder; hall: Pick<Hall, 'ticket' | 'board'> },
): KnownText {
  const dot = textId.indexOf('.');
  const [kind, name] = [textId.slice(0, dot), textId.slice(dot + 1)];
  const { categories, services } = parts.register.get();
  const service = services.find(({ id }) => id === name);
  const texts: Record<string, () => Text | undefined> = {
    screen: () => new Map<string, Text>(Object.entries(spokenScreens)).get(name),
    category: () => categories.find(({ id }) => id === name)?.title,
    service: () => service?.title,
    papers: () => service && papersOf(service.documents.map(line => line.title)),
    ticket: () => ticketText(parts.hall.ticket(name)),
    call: () => callText(parts.hall.board().called.find(({ number }) => number === name)),
  };
  const text = Object.hasOwn(texts, kind) ? texts[kind]?.() : undefined;
  if (!text) throw new AppError('sound.unknown-text');
  return spokenIn(text, language);
}

function papersOf(titles: Text[]): Text {
  return {
    ru: `Возьмите с собой: ${titles.map(title => title.ru).join('; ')}.`,
    en: `Please bring: ${titles.map(title => title.en).join('; ')}.`,
  };
}

interface Ticket {
  number: string;
  ahead: number;
}

function ticketText({ number, ahead }: Ticket): Text {
  const said = spacedNumber(number);
  return {
    ru: ahead === 0 ? `Ваш номер: ${said}. Вы следующий.` : `Ваш номер: ${said}. Перед вами: ${ahead}.`,
    en: ahead === 0 ? `Your number: ${said}. You are next.` : `Your number: ${said}. Ahead of you: ${ahead}.`,
  };
}

/** Only somebody who is called now is called aloud. */
function callText(call: { number: string; window: string } | undefined): Text | undefined {
  if (!call) return undefined;
  const said = spacedNumber(call.number);
  return { ru: `Талон ${said}. Окно ${call.window}.`, en: `Ticket ${said}. Window ${call.window}.` };
}

/** «А12» is said «А, двенадцать»; zeros in front are not said. */
function spacedNumber(number: string): string {
  return number.replace(/^(\D+)0*/, '$1, ');
}
