import { useSignal } from '@preact/signals';
import type { KindsView } from '../../protocol/trainer.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { TechnicianHead } from '../shared/components/technician-head.tsx';
import { t } from '../shared/language.ts';
import { PhrasesColumn } from './phrases-column.tsx';
import { RulesFile } from './rules-file.tsx';
import { SamplesColumn } from './samples-column.tsx';
import { asked, busy, dropEdits, failure, isEdited, judged, kinds, rules, save, start } from './store.ts';
import { TextColumn } from './text-column.tsx';

/** `/trainer`: samples on the left, the text of one in the middle, the phrases of its kind on the right. */
export function Trainer() {
  return (
    <div class="trainer">
      <TechnicianHead page="trainer">
        <Share />
      </TechnicianHead>
      <Loaded held={kinds.held.value} onRetry={() => void start()} rows={8}>
        {view => (
          <>
            <SamplesColumn view={view} />
            <TextColumn />
            <PhrasesColumn view={view} />
            <Actions view={view} />
          </>
        )}
      </Loaded>
      <Question />
    </div>
  );
}

function Share() {
  const all = judged.value;
  const changed = (change: 'better' | 'worse') => all.filter(sample => sample.change === change).length;
  const [better, worse] = [changed('better'), changed('worse')];
  return (
    <p class="trainer-share figures" role="status">
      {all.length > 0 &&
        t('trainer.share', { right: all.filter(({ isRight }) => isRight).length, count: all.length })}
      {better > 0 && <StatusDot tone="serving">{t('trainer.better', { count: better })}</StatusDot>}
      {worse > 0 && <StatusDot tone="trouble">{t('trainer.worse', { count: worse })}</StatusDot>}
    </p>
  );
}

function Actions({ view }: { view: KindsView }) {
  const isSaved = useSignal(false);
  const worse = judged.value.filter(({ change }) => change === 'worse').length;
  const keep = async (wished = rules.value) => {
    isSaved.value = await save(wished);
  };
  const askAndSave = () => {
    if (worse === 0) return void keep();
    const question = t('trainer.worse-ask', { count: worse });
    asked.value = { question, yes: t('trainer.save'), onYes: () => void keep() };
  };
  const restore = () => {
    const onYes = () => void keep(view.shipped);
    asked.value = { question: t('trainer.restore-ask'), yes: t('trainer.restore'), onYes };
  };
  return (
    <footer class="tool-foot">
      {failure.value && <Notice error={failure.value} />}
      <div class="tool-actions">
        <Button kind="primary" disabled={!isEdited.value} busy={busy.value} onPress={askAndSave}>
          {t('trainer.save')}
        </Button>
        <Button disabled={!isEdited.value} onPress={dropEdits}>
          {t('trainer.undo')}
        </Button>
        <p class="tool-state" role="status">
          {isSaved.value && !isEdited.value && `${t('trainer.saved')} `}
          {isEdited.value
            ? t('trainer.edited')
            : view.changed
              ? t('trainer.changed', { by: view.changed.by, at: showDayAndTime(view.changed.at) })
              : t('trainer.shipped')}
        </p>
        <RulesFile />
        <Button disabled={view.changed === null} onPress={restore}>
          {t('trainer.restore')}
        </Button>
      </div>
    </footer>
  );
}

function Question() {
  const question = asked.value;
  if (question === null) return null;
  const dismiss = () => {
    asked.value = null;
  };
  return (
    <Ask
      question={question.question}
      yes={question.yes}
      onNo={dismiss}
      onYes={() => {
        dismiss();
        question.onYes();
      }}
    />
  );
}
