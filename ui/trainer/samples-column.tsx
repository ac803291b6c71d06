import { useSignal } from '@preact/signals';
import { otherKind } from '../../protocol/kind-phrases.ts';
import type { KindsView } from '../../protocol/trainer.ts';
import { Button } from '../shared/components/button.tsx';
import { Empty } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { AddDialog } from './add-dialog.tsx';
import { kindTitle } from './kind-title.ts';
import { chooseSample, chosenSample, judged } from './store.ts';
import { grouped, type Judged } from './verdicts.ts';

/** Left: all samples by what they are, the wrong and the unsure first. */
export function SamplesColumn({ view }: { view: KindsView }) {
  const adding = useSignal(false);
  return (
    <nav class="trainer-samples" aria-label={t('trainer.samples')}>
      <header class="trainer-column-head">
        <h2>{t('trainer.samples')}</h2>
        <p class="figures">
          {view.samples.length} / {view.mostSamples}
        </p>
      </header>
      <Button onPress={() => (adding.value = true)}>{t('trainer.add')}</Button>
      <div class="trainer-scroll">
        {view.samples.length === 0 && (
          <Empty icon="page" title={t('trainer.samples-empty')}>
            {t('trainer.samples-empty-how')}
          </Empty>
        )}
        {grouped(judged.value).map(({ kind, right, samples }) => (
          <section key={kind}>
            <h3>
              {kindTitle(kind)}
              <small class="figures">{t('trainer.right-of', { right, count: samples.length })}</small>
            </h3>
            <ul onKeyDown={walk}>
              {samples.map(sample => (
                <li key={sample.id}>
                  <button
                    type="button"
                    class="sample"
                    aria-pressed={sample.id === chosenSample.value}
                    onClick={() => chooseSample(sample.id, sample.kind)}
                  >
                    <span class="sample-begins">{sample.begins}</span>
                    <Told sample={sample} />
                    <small>{t(`trainer.source.${sample.source}`)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {adding.value && <AddDialog onClose={() => (adding.value = false)} />}
    </nav>
  );
}

/** Arrows go from sample to sample. */
function walk(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const all = [...document.querySelectorAll<HTMLElement>('button.sample')];
  const at = all.indexOf(event.target as HTMLElement);
  const next = all[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

function Told({ sample: { verdict, isRight, change } }: { sample: Judged }) {
  if (!verdict) return null;
  const percent = Math.round(verdict.sure * 100);
  const said = isRight
    ? t('trainer.guess-right', { percent })
    : verdict.guess === otherKind
      ? t('trainer.guess-none')
      : t('trainer.guess-wrong', { kind: kindTitle(verdict.guess), percent });
  return (
    <span class="sample-told">
      <StatusDot tone={!isRight ? 'trouble' : percent < 95 ? 'attention' : 'serving'}>{said}</StatusDot>
      {change && <em>{t(change === 'better' ? 'trainer.now-better' : 'trainer.now-worse')}</em>}
    </span>
  );
}
