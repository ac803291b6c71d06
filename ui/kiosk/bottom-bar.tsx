import { type Signal, useSignal } from '@preact/signals';
import { Button } from '../shared/components/button.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { highContrast, largePrint, lowered, readAloud } from '../shared/preferences.ts';
import { canSpeak } from '../shared/speech.ts';
import { HelpDialog } from './help-dialog.tsx';
import { LanguageDialog } from './language-dialog.tsx';
import { back, canGoBack, currentScreen } from './screens.ts';

/** Stays on every screen, in the same order and place. */
export function BottomBar() {
  const open = useSignal<'language' | 'help' | null>(null);
  const close = () => {
    open.value = null;
  };
  return (
    <>
      <nav class="kiosk-bar" aria-label={t('kiosk.tools')}>
        <Button class="bar-back" icon="back" onPress={back} disabled={!canGoBack()}>
          {t('page.back')}
        </Button>
        <Aid icon="larger" text={t('kiosk.larger')} aid={largePrint} />
        <Aid icon="contrast" text={t('kiosk.contrast')} aid={highContrast} />
        <Aid icon="wheelchair" text={t('kiosk.lower')} aid={lowered} />
        {canSpeak() && <Aid icon="aloud" text={t('kiosk.aloud')} aid={readAloud} />}
        {currentScreen().name !== 'attract' && (
          <Button
            icon="globe"
            onPress={() => {
              open.value = 'language';
            }}
          >
            {t('kiosk.language')}
          </Button>
        )}
        <Button
          icon="help"
          onPress={() => {
            open.value = 'help';
          }}
        >
          {t('kiosk.help')}
        </Button>
      </nav>
      {open.value === 'language' && <LanguageDialog onClose={close} />}
      {open.value === 'help' && <HelpDialog onClose={close} />}
    </>
  );
}

function Aid({ icon, text, aid }: { icon: IconName; text: string; aid: Signal<boolean> }) {
  return (
    <button
      type="button"
      class="button plain"
      aria-pressed={aid.value}
      onClick={() => {
        aid.value = !aid.value;
      }}
    >
      <Icon name={icon} />
      <span class="button-text">{text}</span>
    </button>
  );
}
