import type { QueueLine } from '../../protocol/api.ts';
import { now, showTime } from '../shared/clock.ts';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { minutesBetween, timerTone } from '../shared/time.ts';
import { focusPrimary } from './actions.ts';
import { caseTone } from './case-tone.ts';
import { caseId, cases, queue, showCase } from './store.ts';

/** Left: who waits, and what I did today. */
export function QueueColumn() {
  const view = heldValue(queue);
  return (
    <div class="column left">
      <section class="panel" aria-labelledby="queue-title">
        <header class="panel-head">
          <h2 id="queue-title">{t('clerk.queue')}</h2>
          <p class="figures">{view ? t('clerk.queue-count', { count: view.waiting.length }) : ''}</p>
        </header>
        <ScrollArea class="panel-body" label={t('clerk.queue-list')}>
          <Loaded held={queue.held.value} onRetry={() => void queue.refresh()} rows={5}>
            {value =>
              value.waiting.length === 0 ? (
                <Empty>{t('clerk.queue-empty')}</Empty>
              ) : (
                <ol class="queue">
                  {value.waiting.map(line => (
                    <Waiting key={line.ticketId} line={line} norm={value.normMinutes} />
                  ))}
                </ol>
              )
            }
          </Loaded>
        </ScrollArea>
      </section>
      <section class="panel" aria-labelledby="day-title">
        <header class="panel-head">
          <h2 id="day-title">{t('clerk.my-day')}</h2>
          <p class="figures">{view ? t('clerk.served', { count: view.served }) : ''}</p>
        </header>
        <div class="panel-body">
          <MyCases />
        </div>
      </section>
    </div>
  );
}

function Waiting({ line, norm }: { line: QueueLine; norm: number }) {
  const minutes = minutesBetween(line.waitingSince, now.value);
  const tone = timerTone(minutes, norm);
  const word = tone === 'trouble' ? t('clerk.over-norm') : tone === 'attention' ? t('clerk.near-norm') : null;
  return (
    <li class="queue-line">
      <strong class="figures">{line.number}</strong>
      <span class="queue-service">
        {inLanguage(line.serviceTitle)}
        {line.doubtful && <StatusDot tone="attention">{t('clerk.doubtful')}</StatusDot>}
      </span>
      <span class={`queue-time ${tone}`}>
        <span class="figures">{t('minutes.short', { count: minutes })}</span>
        {word && <small>{word}</small>}
      </span>
    </li>
  );
}

function MyCases() {
  return (
    <Loaded held={cases.held.value} onRetry={() => void cases.refresh()} rows={4}>
      {lines =>
        lines.length === 0 ? (
          <Empty>{t('clerk.cases-empty')}</Empty>
        ) : (
          <ul class="cases">
            {lines.map(line => (
              <li key={line.caseId}>
                <button
                  type="button"
                  class="case-line"
                  aria-current={line.caseId === caseId.value ? 'true' : undefined}
                  onClick={() => {
                    showCase(line.caseId);
                    focusPrimary();
                  }}
                >
                  <strong class="figures">{line.ticketNumber}</strong>
                  <span class="case-service" title={inLanguage(line.serviceTitle)}>
                    {inLanguage(line.serviceTitle)}
                  </span>
                  <StatusDot tone={caseTone(line.state)}>{t(`clerk.state.${line.state}`)}</StatusDot>
                  <time>{showTime(line.openedAt)}</time>
                </button>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
