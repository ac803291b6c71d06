import type { Found, RuleScore } from '../../protocol/kind-rules.ts';
import type { SampleLook } from '../../protocol/trainer.ts';
import { Button } from '../shared/components/button.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Empty, Skeleton } from '../shared/components/states.tsx';
import { showDecimal } from '../shared/figures.ts';
import { t } from '../shared/language.ts';
import { kindTitle } from './kind-title.ts';
import { asked, chosenKind, chosenSample, judged, kind, look, removeSample } from './store.ts';

const shownScores = 3;

/** Middle: the chosen sample with what the rules of the chosen kind found in it. */
export function TextColumn() {
  const sample = judged.value.find(({ id }) => id === chosenSample.value);
  const seen = look.value;
  return (
    <main class="trainer-text">
      {!sample && (
        <Empty icon="search" title={t('trainer.text-empty')}>
          {t('trainer.text-empty-how')}
        </Empty>
      )}
      {sample && (
        <>
          <header class="trainer-column-head">
            <h2>{kindTitle(sample.kind)}</h2>
            <p>{t(`trainer.source.${sample.source}`)}</p>
            <Button
              kind="quiet"
              icon="remove"
              onPress={() => {
                asked.value = {
                  question: t('trainer.remove-sample-ask'),
                  yes: t('trainer.remove-sample'),
                  onYes: () => void removeSample(sample.id),
                };
              }}
            >
              {t('trainer.remove-sample')}
            </Button>
          </header>
          {seen ? <Text seen={seen} /> : <Skeleton rows={8} />}
          {seen && <Scores scores={seen.scores} />}
        </>
      )}
    </main>
  );
}

function Text({ seen }: { seen: SampleLook }) {
  const found = seen.scores.find(score => score.kind === kind.value)?.found ?? [];
  const marks = new Map(found.flatMap(({ words, gave }) => words.map(at => [at, gave] as const)));
  const lines = Map.groupBy(
    seen.words.map((word, at) => ({ ...word, at })),
    ({ line }) => line,
  );
  return (
    <>
      <p class="trainer-legend">
        <mark class="for">{t('trainer.for', { kind: kindTitle(kind.value) })}</mark>{' '}
        <mark class="against">− {t('trainer.against')}</mark>
      </p>
      <ScrollArea class="trainer-scroll sample-text" label={t('trainer.text')}>
        {[...lines].map(([line, words]) => (
          <p key={line}>
            {words.map(({ text, at }) => {
              const gave = marks.get(at);
              return gave === undefined ? (
                `${text} `
              ) : (
                <>
                  <mark class={gave > 0 ? 'for' : 'against'}>{text}</mark>{' '}
                </>
              );
            })}
          </p>
        ))}
      </ScrollArea>
    </>
  );
}

/** The best three that found anything, and the chosen kind; a press shows its phrases. */
function Scores({ scores }: { scores: RuleScore[] }) {
  const shown = scores.filter(
    (score, at) => (at < shownScores && score.found.length > 0) || score.kind === kind.value,
  );
  return (
    <section class="trainer-scores">
      <h3>{t('trainer.scores')}</h3>
      <ul>
        {shown.map(score => (
          <li key={score.kind}>
            <button
              type="button"
              aria-pressed={score.kind === kind.value}
              onClick={() => {
                chosenKind.value = score.kind;
              }}
            >
              <strong>{kindTitle(score.kind)}</strong>
              <span class="figures">{signed(score.score)}</span>
              <small>{score.found.map(said).join(', ')}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function said({ is, what, gave }: Found): string {
  const hint = what === 'landscape' ? 'trainer.hint.landscape' : 'trainer.hint.machineReadable';
  return `${is === 'hint' ? t(hint) : what} ${signed(gave)}`;
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${showDecimal(Math.abs(value))}`;
