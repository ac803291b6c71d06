import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../language.ts';
import { Button } from './button.tsx';

interface DialogProps {
  title: string;
  /** Escape and the close button; without it the dialog stays until its work is done. */
  onClose?: (() => void) | undefined;
  children: ComponentChildren;
  actions?: ComponentChildren;
  urgent?: boolean;
  class?: string;
}

/** A modal of the browser itself: it traps the focus, makes the rest inert and gives the focus back. */
export function Dialog({ title, onClose, children, actions, urgent, class: extra }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${extra ?? ''}`}
      aria-labelledby={titleId}
      role={urgent ? 'alertdialog' : undefined}
      onCancel={event => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <div class="dialog-body">{children}</div>
      {actions && <div class="dialog-actions">{actions}</div>}
      {/* Last, so that what the dialog is about has the focus first. */}
      {onClose && (
        <Button kind="quiet" class="dialog-close" icon="cross" onPress={onClose}>
          <span class="visually-hidden">{t('page.close')}</span>
        </Button>
      )}
    </dialog>
  );
}

interface AskProps {
  question: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}

/** Asks before a final act. «Cancel» has the focus, so that a stray Enter does nothing. */
export function Ask({ question, yes, onYes, onNo }: AskProps) {
  return (
    <Dialog
      title={question}
      onClose={onNo}
      actions={
        <>
          <Button onPress={onNo} autoFocus>
            {t('page.cancel')}
          </Button>
          <Button kind="primary" onPress={onYes}>
            {yes}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  );
}
