import { useSignal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import type { TechnicianHubView } from '../../protocol/api/hub.ts';
import { post } from '../shared/api.ts';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { technicianHub } from './store.ts';

const tones = { hub: 'serving', spare: 'info', replaced: 'attention' } as const;

/** The two boxes of a branch, and the act that makes this one the hub; nothing in a branch with one. */
export function HubPanel() {
  const view = heldValue(technicianHub);
  return view?.pair ? <Pair view={view} pair={view.pair} /> : null;
}

function Pair({ view, pair }: { view: TechnicianHubView; pair: NonNullable<TechnicianHubView['pair']> }) {
  const asks = useSignal(false);
  const busy = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const takeOver = async () => {
    asks.value = false;
    busy.value = true;
    const answer = await post<TechnicianHubView>('/api/technician/take-over');
    busy.value = false;
    failure.value = answer.ok ? null : answer.error;
    if (answer.ok) technicianHub.set(answer.value);
  };
  return (
    <section class="tech-hub" aria-label={t('hub.title')}>
      <h2>{t('hub.title')}</h2>
      <StatusDot tone={tones[view.state]}>
        {view.box}: {t(`hub.state.${view.state}`)}
      </StatusDot>
      <StatusDot tone={pair.state === 'connected' ? 'serving' : 'attention'}>{pairText(pair)}</StatusDot>
      {view.state !== 'hub' && (
        <>
          <p>{t('hub.known', { count: pair.waiting })}</p>
          <p class="tech-soft">{t('hub.take-over-why', { box: pair.box })}</p>
          <Button
            busy={busy.value}
            onPress={() => {
              asks.value = true;
            }}
          >
            {t('hub.take-over')}
          </Button>
        </>
      )}
      {failure.value && <Notice error={failure.value} />}
      {asks.value && (
        <Ask
          question={t('hub.take-over-ask', { box: pair.box })}
          yes={t('hub.take-over')}
          onYes={() => void takeOver()}
          onNo={() => {
            asks.value = false;
          }}
        />
      )}
    </section>
  );
}

function pairText({ box, state, heardAt }: NonNullable<TechnicianHubView['pair']>): string {
  if (state === 'connected') return t('hub.pair.connected', { box });
  return heardAt === null
    ? t('hub.pair.never', { box })
    : t('hub.pair.away', { box, time: showTime(heardAt) });
}
