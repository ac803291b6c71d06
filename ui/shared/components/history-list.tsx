import type { HistoryLine } from '../../../protocol/api/common.ts';
import { showDayAndTime } from '../clock.ts';
import { isPhraseKey } from '../dictionary.ts';
import { Icon } from '../icons.tsx';
import { t } from '../language.ts';
import { Empty } from './states.tsx';

function eventText(event: string): string {
  const key = `history.${event}`;
  return isPhraseKey(key) ? t(key) : event;
}

function byText(by: string): string {
  const key = `history.by.${by}`;
  return isPhraseKey(key) ? t(key) : by;
}

/** Everything that happened to a case, with a mark whether the centre has confirmed it. */
export function HistoryList({ lines }: { lines: HistoryLine[] }) {
  if (lines.length === 0) return <Empty>{t('history.empty')}</Empty>;
  return (
    <ol class="history">
      {lines.map((line, index) => {
        const mark = t(line.receipted ? 'history.receipted' : 'history.not-receipted');
        return (
          <li key={`${line.at} ${index}`}>
            <time>{showDayAndTime(line.at)}</time>
            <span class="history-text">
              {eventText(line.event)}
              {line.note && <span class="history-note">: {line.note}</span>}
              <small>{byText(line.by)}</small>
            </span>
            <span class={`history-mark ${line.receipted ? 'yes' : 'no'}`} title={mark}>
              <Icon name={line.receipted ? 'check' : 'clock'} size={18} />
              <span class="visually-hidden">{mark}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
