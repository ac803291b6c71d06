import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { WarningView } from '../../protocol/api/technician.ts';
import type { ErrorDetails } from '../../protocol/app-error.ts';
import { type ErrorCode, errorTable } from '../../protocol/errors.ts';
import type { Text } from '../../protocol/values.ts';

/** A thing that can be wrong, as it is registered: what is not in the table below is shown at once and depends on nothing. */
interface WarningKind {
  title: Text;
  /** Shown only after it held so long, in ms: what mends itself is no news (F27). */
  shownAfterMs: number;
  /** Not shown while one of these holds: it would only be its echo. */
  dependsOn: readonly ErrorCode[];
}

const certificateEnds: WarningKind = {
  title: { ru: 'Сертификат кончается', en: 'A certificate ends' },
  shownAfterMs: 0,
  dependsOn: [],
};

const kinds: Partial<Record<ErrorCode, WarningKind>> = {
  'reader.service-down': {
    title: { ru: 'Служба карт не работает', en: 'The card service does not run' },
    shownAfterMs: 5_000,
    dependsOn: [],
  },
  'certificate.ends-soon': certificateEnds,
  'certificate.ends-now': certificateEnds,
  'certificate.ended': certificateEnds,
  'capture.page-reader-missing': {
    title: { ru: 'Распознавание медленнее', en: 'Recognition is slower' },
    shownAfterMs: 0,
    dependsOn: [],
  },
  'device.lost': {
    title: { ru: 'Устройство отключено', en: 'A device is unplugged' },
    shownAfterMs: 2_000,
    dependsOn: ['reader.service-down'],
  },
  'device.offline': {
    title: { ru: 'Устройство не отвечает', en: 'A device does not answer' },
    shownAfterMs: 5_000,
    dependsOn: [],
  },
  'device.held': {
    title: { ru: 'Устройство занято', en: 'A device is held' },
    shownAfterMs: 2_000,
    dependsOn: [],
  },
  'device.no-role': {
    title: { ru: 'Устройство не назначено', en: 'A device has no role' },
    shownAfterMs: 3_000,
    dependsOn: [],
  },
  'card.unreadable': {
    title: { ru: 'Карта не читается', en: 'A card cannot be read' },
    shownAfterMs: 10_000,
    dependsOn: ['reader.service-down'],
  },
  'card.timeout': {
    title: { ru: 'Карта не отвечает', en: 'A card does not answer' },
    shownAfterMs: 10_000,
    dependsOn: ['reader.service-down'],
  },
  'printer.offline': {
    title: { ru: 'Принтер талонов не отвечает', en: 'The ticket printer does not answer' },
    shownAfterMs: 5_000,
    dependsOn: [],
  },
  'token.absent': {
    title: { ru: 'Ключ подписи не вставлен', en: 'No signature token' },
    shownAfterMs: 60_000,
    dependsOn: [],
  },
  'sync.centre-unreachable': {
    title: { ru: 'Нет связи с центром', en: 'No link to the centre' },
    shownAfterMs: 60_000,
    dependsOn: [],
  },
};

/** Something that is wrong now. */
export interface Condition {
  code: ErrorCode;
  details: ErrorDetails;
  /** The device it is about, with its title; null for the box. */
  device: { id: string; title: Text } | null;
}

/** Remembers since when what is wrong. */
export function createWarnings(clock: Clock) {
  const since = new Map<string, { at: string; ms: number }>();
  return {
    /** Those that are old enough and no echo of another, the worst first. */
    view(conditions: readonly Condition[]): WarningView[] {
      const holding = new Set(conditions.map(keyOf));
      for (const key of since.keys()) if (!holding.has(key)) since.delete(key);
      const codes = new Set(conditions.map(({ code }) => code));
      return conditions
        .filter(({ code }) => errorTable[code].severity !== 'info')
        .flatMap(condition => {
          const { code, details, device } = condition;
          const begun = since.get(keyOf(condition)) ?? {
            at: clock.now().toISOString(),
            ms: clock.monotonicMs(),
          };
          since.set(keyOf(condition), begun);
          const kind = kinds[code];
          const isYoung = clock.monotonicMs() - begun.ms < (kind?.shownAfterMs ?? 0);
          if (isYoung || kind?.dependsOn.some(other => codes.has(other))) return [];
          return {
            ...{ code, device: device?.id ?? null, since: begun.at },
            severity: errorTable[code].severity === 'trouble' ? ('trouble' as const) : ('attention' as const),
            title: kind?.title ?? device?.title ?? box,
            error: apiError(code, details),
          };
        })
        .sort((one, other) => (one.severity === other.severity ? 0 : one.severity === 'trouble' ? -1 : 1));
    },
  };
}

const box: Text = { ru: 'Устройство «Окно»', en: 'The box' };
const keyOf = ({ code, device, details }: Condition) =>
  `${code} ${device?.id ?? ''} ${device ? '' : JSON.stringify(details.what ?? '')}`;
