import type { QueueLine, QueueView } from '../../protocol/api/queue.ts';
import { now, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { minutesBetween, timerTone } from '../shared/time.ts';
import { focusPrimary } from './actions.ts';
import { caseTone } from './case-tone.ts';
import { hallAct, hallDialog } from './hall-acts.ts';
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
                  {inOrder(value).map(line => (
                    <Waiting key={line.ticketId} line={line} view={value} />
                  ))}
                </ol>
              )
            }
          </Loaded>
        </ScrollArea>
      </section>
      {view && view.aside.length > 0 && <Aside view={view} />}
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

/** First those whom this window would call, in that order; then those whom it does not serve. */
function inOrder({ waiting, callable }: QueueView): QueueLine[] {
  const place = ({ ticketId }: QueueLine) => {
    const at = callable.indexOf(ticketId);
    return at < 0 ? callable.length : at;
  };
  return [...waiting].sort((a, b) => place(a) - place(b));
}

function Waiting({ line, view }: { line: QueueLine; view: QueueView }) {
  const minutes = minutesBetween(line.waitingSince, now.value);
  const tone = timerTone(minutes, view.normMinutes);
  const word = tone === 'trouble' ? t('clerk.over-norm') : tone === 'attention' ? t('clerk.near-norm') : null;
  return (
    <li class="queue-line">
      <button
        type="button"
        class="queue-number figures"
        aria-label={t('clerk.ticket-of', { number: line.number })}
        onClick={() => {
          hallDialog.value = { name: 'line', ticketId: line.ticketId };
        }}
      >
        {line.number}
      </button>
      <span class="queue-service">
        {inLanguage(line.serviceTitle)}
        <Marks line={line} />
        {line.doubtful && <StatusDot tone="attention">{t('clerk.doubtful')}</StatusDot>}
      </span>
      <span class={`queue-time ${tone}`}>
        <span class="figures">{t('minutes.short', { count: minutes })}</span>
        {word && <small>{word}</small>}
      </span>
    </li>
  );
}

/** What makes this person different from the others in line. */
function Marks({ line }: { line: QueueLine }) {
  const marks = [
    line.purpose !== 'submit' && t(`hall.purpose.${line.purpose}`),
    line.privilege !== null && t('hall.privilege').toLowerCase(),
    line.forWindow !== null && t('clerk.for-window', { window: line.forWindow }),
    line.more.length > 0 && t('clerk.and-more', { count: line.more.length }),
    line.returns > 0 && t('clerk.returned'),
  ].filter(mark => mark !== false);
  return marks.length === 0 ? null : <small class="queue-marks">{marks.join(' · ')}</small>;
}

/** Whom this clerk put aside: they come back by themselves or when called. */
function Aside({ view }: { view: QueueView }) {
  return (
    <section class="panel aside" aria-labelledby="aside-title">
      <header class="panel-head">
        <h2 id="aside-title">{t('clerk.aside')}</h2>
        <p class="figures">{view.aside.length}</p>
      </header>
      <ul class="queue">
        {view.aside.map(({ ticketId, number, until, state }) => (
          <li key={ticketId} class="queue-line">
            <strong class="figures">{number}</strong>
            <span class="queue-service">
              {until === null ? t(`hall.ticket.${state}`) : t('clerk.aside-until', { time: showTime(until) })}
            </span>
            <span class="aside-acts">
              {!view.mine && (
                <Button onPress={() => void hallAct('queue/choose', { ticketId })}>
                  {t('clerk.call-aside')}
                </Button>
              )}
              <Button kind="quiet" onPress={() => void hallAct(`tickets/${ticketId}/back`)}>
                {t('clerk.bring-back')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
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
