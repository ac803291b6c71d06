import { showShare } from '../shared/figures.ts';
import { t } from '../shared/language.ts';

interface Bar {
  label: string;
  inside: number;
  told: number;
}

const [width, height, left, bottom, top] = [560, 220, 44, 40, 8];
const high = height - bottom - top;
const y = (share: number) => top + (1 - share) * high;

/** Shares as bars, with the band that is aimed at behind them. Each bar carries its figure. */
export function ShareChart({
  title,
  bars,
  aim,
}: {
  title: string;
  bars: Bar[];
  aim: { from: number; to: number };
}) {
  const step = (width - left) / Math.max(1, bars.length);
  const wide = Math.min(step - 6, 44);
  const aimText = t('forecast.aim', { from: Math.round(aim.from * 100), to: Math.round(aim.to * 100) });
  return (
    <figure class="forecast-chart">
      <figcaption>
        {title} <span class="forecast-aim">{aimText}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}, ${aimText}`}>
        <rect
          class="chart-aim"
          x={left}
          y={y(aim.to)}
          width={width - left}
          height={(aim.to - aim.from) * high}
        />
        {[0, 0.5, 1].map(share => (
          <g key={share}>
            <line class="chart-line" x1={left} x2={width} y1={y(share)} y2={y(share)} />
            <text class="chart-scale" x={left - 6} y={y(share) + 4} text-anchor="end">
              {showShare(share)}
            </text>
          </g>
        ))}
        {bars.map(({ label, inside, told }, index) => {
          const middle = left + (index + 0.5) * step;
          return (
            <g key={label}>
              <rect
                class={inside < aim.from ? 'chart-bar chart-low' : 'chart-bar'}
                x={middle - wide / 2}
                y={y(inside)}
                width={wide}
                height={inside * high}
              />
              <text
                class="chart-value"
                x={middle}
                y={Math.min(y(inside) + 16, y(0) - 4)}
                text-anchor="middle"
              >
                {Math.round(inside * 100)}
              </text>
              <text class="chart-label" x={middle} y={height - bottom + 16} text-anchor="middle">
                {label}
              </text>
              <text class="chart-scale" x={middle} y={height - bottom + 32} text-anchor="middle">
                {told}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
