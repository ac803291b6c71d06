import { showDayAndTime } from '../shared/clock.ts';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { region } from './store.ts';
import { conditionOf } from './trouble-order.ts';

/** Troubles of the region, newest first, each with its code. */
export function Events() {
  return (
    <section class="operator-panel" aria-labelledby="events-title">
      <h2 id="events-title">{t('operator.events')}</h2>
      <Loaded held={region.held.value} onRetry={() => void region.refresh()} rows={6}>
        {view =>
          view.troubles.length === 0 ? (
            <Empty icon="check">
              {t(
                view.boxes.every(box => conditionOf(box) === 'fine')
                  ? 'operator.events-empty'
                  : 'operator.events-none',
              )}
            </Empty>
          ) : (
            <ol class="events">
              {[...view.troubles]
                .sort((a, b) => b.at.localeCompare(a.at))
                .map(trouble => (
                  <li key={`${trouble.at} ${trouble.code} ${trouble.subject}`}>
                    <p class="event-head">
                      <time>{showDayAndTime(trouble.at)}</time>
                      <span>{trouble.subject}</span>
                    </p>
                    <p>{inLanguage(trouble)}</p>
                    <p class="event-code">{trouble.code}</p>
                  </li>
                ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}
