package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.LabelChange;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/** What can be done to one object, and undone. */
public sealed interface Change {
    /** A directory was made, or is going to be. */
    record Made() implements Change {}

    /** A change of the descriptor. */
    sealed interface OfDescriptor extends Change {
        /** The access to the object that it takes. */
        AccessMask access();

        /** The descriptor with it. */
        SecurityDescriptor apply(SecurityDescriptor descriptor);

        /** Whether the descriptor shows it. */
        boolean isIn(SecurityDescriptor descriptor);

        /**
         * The descriptor without it.
         *
         * @param current as it is now, perhaps changed by others meanwhile
         * @param before as it was before the change
         */
        SecurityDescriptor undo(SecurityDescriptor current, SecurityDescriptor before);

        /** Stores the part of the descriptor that changes of this kind change. */
        void store(FileCalls files, OwnedHandle object, SecurityDescriptor descriptor) throws WindowsFailure;
    }

    /**
     * A label was set in place of what was there.
     *
     * @param ace the label
     */
    record Label(LabelAce ace) implements OfDescriptor {
        @Override
        public AccessMask access() {
            return AccessMask.WRITE_OWNER;
        }

        @Override
        public SecurityDescriptor apply(SecurityDescriptor descriptor) {
            return LabelChange.apply(descriptor, ace);
        }

        @Override
        public boolean isIn(SecurityDescriptor descriptor) {
            return ace.equals(MandatoryLabel.aceOf(descriptor));
        }

        @Override
        public SecurityDescriptor undo(SecurityDescriptor current, SecurityDescriptor before) {
            return LabelChange.undo(current, before, ace);
        }

        @Override
        public void store(FileCalls files, OwnedHandle object, SecurityDescriptor descriptor) throws WindowsFailure {
            files.replaceLabel(object, descriptor);
        }
    }

    /**
     * An entry was added to the access list.
     *
     * @param ace the entry
     */
    record Entry(AccessAce ace) implements OfDescriptor {
        @Override
        public AccessMask access() {
            return AccessMask.WRITE_DAC;
        }

        @Override
        public SecurityDescriptor apply(SecurityDescriptor descriptor) {
            return AceChange.apply(descriptor, ace);
        }

        @Override
        public boolean isIn(SecurityDescriptor descriptor) {
            // To a missing list, most allowing entries have nothing to add.
            return AceChange.isIn(descriptor, ace) || (descriptor.dacl() == null && !AceChange.addsToMissingList(ace));
        }

        @Override
        public SecurityDescriptor undo(SecurityDescriptor current, SecurityDescriptor before) {
            return AceChange.undo(current, before, ace);
        }

        @Override
        public void store(FileCalls files, OwnedHandle object, SecurityDescriptor descriptor) throws WindowsFailure {
            files.replaceDacl(object, descriptor);
        }
    }
}
