package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.LabelAce;

/** What is done to one object, in the words in which it is recorded and taken back. A value. */
public sealed interface Change {
    /** A label was set in place of what was there. */
    record Label(LabelAce ace) implements Change {}

    /** An entry was added to the DACL. */
    record Entry(AccessAce ace) implements Change {}

    /** A directory was made. */
    record Made() implements Change {}
}
