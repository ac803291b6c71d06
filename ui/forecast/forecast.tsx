import type { ForecastScore, ForecastView } from '../../protocol/api/forecast.ts';
import { StatusDot } from '../shared/components/status.tsx';
import { showDecimal, showShare } from '../shared/figures.ts';
import { language, t } from '../shared/language.ts';
import { dayOfMonth } from '../shared/time.ts';
import { ShareChart } from './share-chart.tsx';

const minutes = (value: number) => (value < 10 ? showDecimal(value) : String(Math.round(value)));
const dayText = (day: string) => dayOfMonth(`${day}T12:00:00Z`, language.value, 'UTC');

/** How told waits hold: now, today, by day and by hour. */
export function ForecastPage({ view }: { view: ForecastView }) {
  const { days, hours, aim, now } = view;
  const today = days.find(({ day }) => day === view.today);
  const { fromMinutes: from, toMinutes: to } = now.wait;
  return (
    <>
      <section class="forecast-figures">
        <Figure
          title={t('forecast.now')}
          value={from === 0 ? t('forecast.up-to', { to }) : t('forecast.range', { from, to })}
          note={t('forecast.made-of', { ahead: now.ahead, windows: now.windows })}
        />
        <Figure
          title={t('forecast.today')}
          value={today ? showShare(today.inside) : '—'}
          note={today ? t('forecast.of', { count: today.told }) : t('forecast.none')}
        />
        <Figure
          title={t('forecast.error')}
          value={today ? t('forecast.minutes', { count: minutes(today.meanErrorMinutes) }) : '—'}
          note={today ? t('forecast.mean-wait', { count: minutes(today.meanWaitMinutes) }) : ''}
        />
      </section>
      {days.length > 0 && (
        <p class="forecast-verdict" role="status">
          <StatusDot tone={view.drifts ? 'attention' : 'serving'}>
            {t(view.drifts ? 'forecast.drifts' : 'forecast.holds')}
          </StatusDot>
        </p>
      )}
      <div class="forecast-charts">
        <ShareChart
          title={t('forecast.by-day')}
          aim={aim}
          bars={days.toReversed().map(score => ({ ...score, label: dayText(score.day) }))}
        />
        <ShareChart
          title={t('forecast.by-hour')}
          aim={aim}
          bars={hours.map(score => ({ ...score, label: `${score.hour}:00` }))}
        />
      </div>
      {days.length > 0 && <Days days={days} />}
    </>
  );
}

function Figure({ title, value, note }: { title: string; value: string; note: string }) {
  return (
    <div class="forecast-figure">
      <h2>{title}</h2>
      <p class="forecast-value figures">{value}</p>
      <p class="forecast-note">{note}</p>
    </div>
  );
}

function Days({ days }: { days: (ForecastScore & { day: string })[] }) {
  return (
    <table class="forecast-days figures">
      <thead>
        <tr>
          <th scope="col">{t('forecast.day')}</th>
          <th scope="col">{t('forecast.told')}</th>
          <th scope="col">{t('forecast.inside')}</th>
          <th scope="col">{t('forecast.later')}</th>
          <th scope="col">{t('forecast.mean-error')}</th>
          <th scope="col">{t('forecast.mean')}</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, told, inside, later, meanErrorMinutes, meanWaitMinutes }) => (
          <tr key={day}>
            <th scope="row">{dayText(day)}</th>
            <td>{told}</td>
            <td>{showShare(inside)}</td>
            <td>{showShare(later)}</td>
            <td>{minutes(meanErrorMinutes)}</td>
            <td>{minutes(meanWaitMinutes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
