import type { TechnicianView } from '../../protocol/api/technician.ts';
import { Button } from '../shared/components/button.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StaleOnly, StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { logOut } from '../shared/session.ts';
import { DeviceList } from './device-list.tsx';
import { DevicePane } from './device-pane.tsx';
import { HubPanel } from './hub-panel.tsx';
import { choose, device, technician } from './store.ts';

const linkTone = { connected: 'serving', connecting: 'waiting', offline: 'attention' } as const;

/** `/technician`: all devices on the left, the one that is looked at on the right. */
export function Technician() {
  const one = device.value;
  return (
    <div class={`tech ${one ? 'tech-has-chosen' : ''}`}>
      <header class="tech-head">
        <h1>{t('tech.title')}</h1>
        <Loaded held={technician.held.value} onRetry={() => void technician.refresh()} rows={1}>
          {view => <Summary view={view} />}
        </Loaded>
        <a href="/ticket-editor">{t('tech.to-ticket-editor')}</a>
        <a href="/trainer">{t('tech.to-trainer')}</a>
        <LanguageSwitch />
        <Button kind="quiet" onPress={() => void logOut()}>
          {t('login.leave')}
        </Button>
      </header>
      <nav class="tech-devices" aria-label={t('tech.devices')}>
        <HubPanel />
        <Loaded held={technician.held.value} onRetry={() => void technician.refresh()} rows={6}>
          {view => <DeviceList view={view} />}
        </Loaded>
      </nav>
      <main class="tech-pane">
        {one ? (
          <DevicePane key={one.id} device={one} onBack={() => choose(null)} />
        ) : (
          <Empty icon="search" title={t('tech.choose')}>
            {t('tech.choose-how')}
          </Empty>
        )}
      </main>
    </div>
  );
}

function Summary({ view }: { view: TechnicianView }) {
  return (
    <div class="tech-summary">
      <span class="tech-branch">
        {inLanguage(view.branch)}, {view.box}
      </span>
      <StatusDot tone={linkTone[view.link.state]}>{t(`tech.link.${view.link.state}`)}</StatusDot>
      <StatusDot tone={view.clock === 'trusted' ? 'serving' : 'attention'}>
        {t(`tech.clock.${view.clock}`)}
      </StatusDot>
      <StaleOnly />
    </div>
  );
}
