import type { TechnicianDevice } from '../../protocol/api/technician.ts';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { RoleForm } from './role-form.tsx';
import { TestPanel } from './test-panel.tsx';
import { looks } from './tone.ts';
import { WirePanel } from './wire-panel.tsx';

/** One device: what is wrong and what to do, its role, its tests, and what went on. */
export function DevicePane({ device, onBack }: { device: TechnicianDevice; onBack: () => void }) {
  const { tone, word } = looks(device);
  const { error, plug } = device;
  return (
    <>
      <div class="tech-pane-head">
        <Button kind="quiet" icon="back" class="tech-back" onPress={onBack}>
          {t('page.back')}
        </Button>
        <h2>{inLanguage(device.title)}</h2>
        <StatusDot tone={tone}>{t(word)}</StatusDot>
      </div>
      {error ? (
        <Notice error={error} tone={tone === 'trouble' ? 'trouble' : 'attention'} />
      ) : (
        <p>{t(device.phase === 'discovered' ? 'tech.not-used' : 'tech.fine')}</p>
      )}
      {plug && (
        <p class="tech-soft">
          {t('tech.plug')}: {t(`tech.line.${plug.line}`)}, {plug.where}
          {plug.serial && `, ${t('tech.serial', { serial: plug.serial })}`}
        </p>
      )}
      {plug && <RoleForm device={device} />}
      {device.tests.length > 0 && <TestPanel device={device} />}
      <Events device={device} />
      {device.wire !== null && <WirePanel device={device} />}
    </>
  );
}

function Events({ device }: { device: TechnicianDevice }) {
  return (
    <section class="tech-section">
      <h3>{t('tech.events')}</h3>
      {device.events.length === 0 ? (
        <p class="tech-soft">{t('tech.events-empty')}</p>
      ) : (
        <ol class="tech-events">
          {device.events.slice(0, 12).map(({ at, event, code }) => (
            <li key={`${at} ${event}`}>
              <time class="figures">{showTime(at)}</time> {t(`tech.event.${event}`)}
              {code && <code>{code}</code>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
