import type { TechnicianView } from '../../protocol/api/technician.ts';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StaleOnly, StatusDot } from '../shared/components/status.tsx';
import { TechnicianHead } from '../shared/components/technician-head.tsx';
import { inLanguage, t } from '../shared/language.ts';
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
      <TechnicianHead page="technician">
        <Loaded held={technician.held.value} onRetry={() => void technician.refresh()} rows={1}>
          {view => <Summary view={view} />}
        </Loaded>
      </TechnicianHead>
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
