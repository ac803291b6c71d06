import type { HallRules } from '../../protocol/hall-rules.ts';
import { type CallingWindow, type Served, weightAt } from './calling.ts';

/** Which of the open windows serve a wish; null while all of them do, or none. */
export function windowsServing(open: readonly CallingWindow[], wish: Served): string[] | null {
  const serving = open.filter(window => weightAt(window, wish) > 0).map(({ window }) => window);
  return serving.length === 0 || serving.length === open.length ? null : serving;
}

/**
 * Where a person will be called, for the paper: «Зал 1, окна 1–4». Empty while that is not sure: when windows
 * of several zones serve the wish, or when nobody can say yet and the branch has several zones.
 */
export function zoneText(zones: HallRules['zones'], open: readonly CallingWindow[], wish: Served): string {
  const serving = windowsServing(open, wish) ?? open.map(({ window }) => window);
  const fitting =
    serving.length === 0 ? zones : zones.filter(({ windows }) => windows.some(at => serving.includes(at)));
  const [zone, another] = fitting;
  if (!zone || another) return '';
  const windows = windowsText(zone.windows);
  return windows === '' ? zone.title.ru : `${zone.title.ru}, ${windows}`;
}

function windowsText(windows: readonly string[]): string {
  const [first = '', last = ''] = [windows[0], windows.at(-1)];
  if (windows.length <= 1) return first && `окно ${first}`;
  const isRow = windows.every((window, index) => Number(window) === Number(first) + index);
  return `окна ${isRow && windows.length > 2 ? `${first}–${last}` : windows.join(', ')}`;
}
