import { useSignal } from '@preact/signals';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { HistoryList } from '../shared/components/history-list.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { minutesBetween } from '../shared/time.ts';
import { ActionBar } from './action-bar.tsx';
import { failure } from './actions.ts';
import { CasePanel } from './case-panel.tsx';
import { StepsLine } from './steps-line.tsx';
import { caseId, currentCase, openCase, queue, showCase } from './store.ts';

/** Middle: the person and the case in front of me, and the one blue button. */
export function CaseColumn() {
  const history = useSignal(false);
  const view = currentCase.value;
  return (
    <main class="column middle">
      <StepsLine />
      <div class="middle-body">
        <Person />
        {failure.value && (
          <Notice
            error={failure.value}
            action={
              <Button
                onPress={() => {
                  failure.value = null;
                }}
              >
                {t('page.close')}
              </Button>
            }
          />
        )}
        {caseId.value !== null && (
          <Loaded held={openCase.held.value} onRetry={() => void openCase.refresh()} rows={6}>
            {value =>
              history.value ? <HistoryList lines={value.history} /> : <CasePanel view={view ?? value} />
            }
          </Loaded>
        )}
      </div>
      <ActionBar
        history={view ? history.value : null}
        onHistory={() => {
          history.value = !history.value;
        }}
      />
    </main>
  );
}

function Person() {
  const view = heldValue(queue);
  if (!view) return null;
  const { mine } = view;
  const isClosed = view.window?.state === 'closed';
  if (!mine)
    return caseId.value === null ? (
      <Empty icon="window" title={t(isClosed ? 'clerk.closed' : 'clerk.free')}>
        {t(view.canCall ? (isClosed ? 'clerk.closed-some' : 'clerk.free-some') : 'clerk.free-none')}
      </Empty>
    ) : null;
  const elsewhere = caseId.value !== null && mine.caseId !== caseId.value;
  if (elsewhere)
    return (
      <div class="person-strip">
        <p>{t('clerk.other-case', { number: mine.number })}</p>
        <Button onPress={() => showCase(mine.caseId)}>{t('clerk.back-to-person')}</Button>
      </div>
    );
  return (
    <section
      class={`person ${mine.state} ${caseId.value === null ? '' : 'with-case'}`}
      aria-label={t('clerk.person')}
    >
      <strong class="person-number figures">{mine.number}</strong>
      <div>
        <p class="person-service">{inLanguage(mine.serviceTitle)}</p>
        <p class="person-times figures">
          {mine.state === 'called' || mine.servingSince === null
            ? `${t('clerk.called-at', { time: showTime(mine.calledAt) })}, ${t('clerk.called-times', { count: mine.calls })}`
            : t('clerk.serving-since', { time: showTime(mine.servingSince) })}
          {' · '}
          {t('clerk.waited', { count: minutesBetween(mine.waitingSince, mine.calledAt) })}
        </p>
      </div>
    </section>
  );
}
