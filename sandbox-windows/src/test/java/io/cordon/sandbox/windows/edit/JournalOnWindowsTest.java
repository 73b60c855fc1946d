package io.cordon.sandbox.windows.edit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The same again where files that are open cannot be renamed or deleted. */
@Tag("windows")
final class JournalOnWindowsTest {
    @Nested
    class OfFiles extends JournalTest {}

    @Nested
    class OfTheRegister extends EditRegisterTest {}

    @Nested
    class OfTheLock extends RegisterLockTest {}
}
