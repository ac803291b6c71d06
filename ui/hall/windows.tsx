import type { HallLive } from '../../protocol/api/hall.ts';
import { now } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import type { Tone } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { minutesBetween } from '../shared/time.ts';
import { act, busy, messageTo } from './store.ts';

type WindowLine = HallLive['windows'][number];

const tones: Record<WindowLine['state'] | 'called' | 'serving', Tone> = {
  ...{ closed: 'info', open: 'serving', paused: 'attention', 'last-client': 'attention' },
  ...{ called: 'waiting', serving: 'serving' },
} as const;

/** Every window of the branch: who sits there, whom they serve and since when. */
export function Windows({ view }: { view: HallLive }) {
  return (
    <section aria-label={t('hall.windows')}>
      <ul class="windows">
        {view.windows.map(line => (
          <WindowCard key={line.window} line={line} />
        ))}
      </ul>
    </section>
  );
}

function WindowCard({ line }: { line: WindowLine }) {
  const state = line.ticket?.state ?? line.state;
  const since = line.ticket?.since ?? line.since;
  return (
    <li class={`window-card ${line.state === 'closed' ? 'is-closed' : ''}`}>
      <header>
        <strong class="figures">{line.window}</strong>
        <StatusDot tone={tones[state]}>{t(`hall.window.${state}`)}</StatusDot>
      </header>
      <p class="window-ticket figures">{line.ticket?.number ?? '\u00a0'}</p>
      <p class="window-more">
        <span>{line.clerkName ?? '\u00a0'}</span>
        <span class="figures">
          {line.state !== 'closed' && since !== null
            ? t('minutes.short', { count: minutesBetween(since, now.value) })
            : ''}
        </span>
      </p>
      <footer>
        <span class="figures">{t('hall.window-served', { count: line.servedToday })}</span>
        {line.state !== 'closed' && (
          <span class="window-acts">
            <Button
              kind="quiet"
              label={`${t('hall.window-message')}: ${line.window}`}
              onPress={() => {
                messageTo.value = line.window;
              }}
            >
              {t('hall.window-message')}
            </Button>
            <Button
              kind="quiet"
              busy={busy.value}
              label={`${t('hall.window-close')} ${line.window}`}
              onPress={() => void act(`windows/${encodeURIComponent(line.window)}/close`)}
            >
              {t('hall.service-close-it')}
            </Button>
          </span>
        )}
      </footer>
    </li>
  );
}
