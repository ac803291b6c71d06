import { useState } from 'preact/hooks';
import type { HallLive, HallServiceLine } from '../../protocol/api/hall.ts';
import { Button } from '../shared/components/button.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { showShare } from '../shared/figures.ts';
import { inLanguage, t } from '../shared/language.ts';
import { act, busy } from './store.ts';

/** Services for which tickets are given, with the limit of the day and how long people wait for them. */
export function Services({ view }: { view: HallLive }) {
  return (
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">{t('hall.service')}</th>
          <th scope="col">{t('hall.state')}</th>
          <th scope="col" class="number-cell">
            {t('hall.service-given')}
          </th>
          <th scope="col" class="number-cell">
            {t('hall.waiting')}
          </th>
          <th scope="col" class="number-cell">
            {t('hall.mean')}
          </th>
          <th scope="col" class="number-cell">
            {t('hall.over')}
          </th>
          <th scope="col">{t('hall.service-limit')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {view.services.map(line => (
          <ServiceLine key={line.serviceId} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function ServiceLine({ line }: { line: HallServiceLine }) {
  const [limit, setLimit] = useState(line.perDay === null ? '' : String(line.perDay));
  const perDay = limit.trim() === '' ? null : Number(limit);
  const isValid = perDay === null || (Number.isInteger(perDay) && perDay >= 0);
  const offer = (open: boolean, most: number | null) =>
    void act(`services/${line.serviceId}`, { open, perDay: most, reason: 'other' });
  const title = inLanguage(line.title);
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        <StatusDot tone={line.open ? 'serving' : 'trouble'}>
          {t(line.open ? 'hall.service-open' : 'hall.service-closed')}
        </StatusDot>
      </td>
      <td class="number-cell">{line.given}</td>
      <td class="number-cell">{line.waiting}</td>
      <td class="number-cell">{line.meanWaitMinutes === null ? '' : Math.round(line.meanWaitMinutes)}</td>
      <td class="number-cell">{line.overNormShare === null ? '' : showShare(line.overNormShare)}</td>
      <td>
        <span class="limit">
          <input
            class="input figures"
            inputMode="numeric"
            aria-label={`${t('hall.service-limit')}: ${title}`}
            placeholder={t('hall.no-limit')}
            value={limit}
            onInput={event => setLimit(event.currentTarget.value)}
          />
          {perDay !== line.perDay && (
            <Button disabled={!isValid} busy={busy.value} onPress={() => offer(line.open, perDay)}>
              {t('hall.set-limit')}
            </Button>
          )}
        </span>
      </td>
      <td>
        <Button
          label={`${t(line.open ? 'hall.service-close-it' : 'hall.service-open-it')}: ${title}`}
          busy={busy.value}
          onPress={() => offer(!line.open, line.perDay)}
        >
          {t(line.open ? 'hall.service-close-it' : 'hall.service-open-it')}
        </Button>
      </td>
    </tr>
  );
}
