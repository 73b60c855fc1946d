package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.TerminalSize;

/** Desktops and terminals that are there, and that nobody can see. */
final class FakeSurfaceCalls implements SurfaceCalls {
    private final FakeWindows windows;

    FakeSurfaceCalls(FakeWindows windows) {
        this.windows = windows;
    }

    private static final class FakeDesktop extends FakeObject {
        @Override
        String kind() {
            return "a desktop";
        }
    }

    @Override
    public Desktop createDesktop(String name) {
        return new Desktop(windows.handles.open(new FakeDesktop(), "CreateDesktopW"), "WinSta0\\" + name);
    }

    @Override
    public void setLabel(Desktop desktop, byte[] acl) throws WindowsFailure {
        FakeDesktop unused = windows.handles.resolve(desktop.handle(), FakeDesktop.class, "SetSecurityInfo");
    }

    @Override
    public OwnedHandle createTerminal(TerminalSize size, OwnedHandle input, OwnedHandle output) throws WindowsFailure {
        String function = "CreatePseudoConsole";
        synchronized (windows) {
            FakeTerminal terminal = new FakeTerminal(
                    windows,
                    windows.handles.resolve(input, FakeStream.class, function),
                    windows.handles.resolve(output, FakeStream.class, function));
            return windows.handles.open(terminal, function);
        }
    }

    @Override
    public void resize(OwnedHandle terminal, TerminalSize size) throws WindowsFailure {
        FakeTerminal unused = windows.handles.resolve(terminal, FakeTerminal.class, "ResizePseudoConsole");
    }
}
