import type { TechnicianDevice, TechnicianView } from '../../protocol/api/technician.ts';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { choose, chosen } from './store.ts';
import { looks } from './tone.ts';

/** From top to bottom, to be turned green: what is wrong comes first. */
export function DeviceList({ view }: { view: TechnicianView }) {
  // A warning waits until it is worth a look; what is amiss in the list is never called well.
  const amiss = view.devices.filter(one => ['trouble', 'attention'].includes(looks(one).tone));
  const count = Math.max(view.warnings.length, amiss.length);
  return (
    <>
      <p class="tech-count" role="status">
        <StatusDot tone={count === 0 ? 'serving' : 'attention'}>
          {count === 0 ? t('tech.all-well') : t('tech.troubles', { count })}
        </StatusDot>
      </p>
      <ul class="tech-warnings">
        {view.warnings
          .filter(({ device }) => device === null)
          .map(({ title, error, since, severity }) => (
            <li key={`${since} ${error.ru}`}>
              <StatusDot tone={severity}>{inLanguage(title)}</StatusDot>
              <span>{inLanguage(error)}</span>
            </li>
          ))}
      </ul>
      <ul class="tech-list">
        {view.devices
          .toSorted((one, other) => rank(one) - rank(other))
          .map(device => (
            <li key={device.id}>
              <Row device={device} />
            </li>
          ))}
      </ul>
    </>
  );
}

/** Trouble, then what needs a look, then what works, then what nobody uses. */
function rank(device: TechnicianDevice): number {
  return { trouble: 0, attention: 1, waiting: 2, serving: 3, info: 4 }[looks(device).tone];
}

function Row({ device }: { device: TechnicianDevice }) {
  const { tone, word } = looks(device);
  return (
    <button
      type="button"
      class="tech-row"
      aria-current={chosen.value === device.id ? 'true' : undefined}
      onClick={() => choose(device.id)}
    >
      <span class="tech-row-title">{inLanguage(device.title)}</span>
      <StatusDot tone={tone}>{t(word)}</StatusDot>
      <span class="tech-row-place">{device.role ? placeName(device.role.place) : device.plug?.where}</span>
    </button>
  );
}

export function placeName(place: string): string {
  return place === 'kiosk' ? t('tech.place.kiosk') : t('tech.place.window', { window: place });
}
