import type { HallLive } from '../../protocol/api/hall.ts';
import { showDecimal, showShare } from '../shared/figures.ts';
import { inLanguage, t } from '../shared/language.ts';

const whole = (value: number | null) => (value === null ? '–' : String(Math.round(value)));

/** Today against the norms. */
export function Day({ view: { today, normMinutes } }: { view: HallLive }) {
  const figures: [label: string, value: string][] = [
    [t('hall.issued'), String(today.issued)],
    [t('hall.done'), String(today.done)],
    [t('hall.mean-wait'), whole(today.meanWaitMinutes)],
    [t('hall.longest'), whole(today.longestWaitMinutes)],
    [t('hall.over-norm', { norm: normMinutes }), showShare(today.overNormShare ?? 0)],
    [t('hall.out-of-turn'), String(today.chosenOutOfTurn)],
    [t('hall.no-show'), String(today.noShow)],
    [t('hall.cancelled'), String(today.cancelled)],
    [t('hall.abandoned'), String(today.abandoned)],
  ];
  return (
    <div class="two-columns">
      <dl class="day-figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="figures">{value}</dd>
          </div>
        ))}
      </dl>
      <div>
        <h2>{t('hall.ratings')}</h2>
        {today.ratings.length === 0 && <p class="soft">{t('hall.ratings-empty')}</p>}
        <dl class="day-figures">
          {today.ratings.map(({ aspect, title, mean, count }) => (
            <div key={aspect}>
              <dt>{inLanguage(title)}</dt>
              <dd class="figures">{t('hall.mark', { mean: showDecimal(mean), count })}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
