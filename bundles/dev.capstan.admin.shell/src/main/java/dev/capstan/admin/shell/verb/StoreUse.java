package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Page;
import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.content.Contents;

/** What the content store uses, told. */
record StoreUse(Contents.Usage usage) implements Shown {
    private static final int LABEL = 11;

    @Override
    public String render(int width, Style style) {
        var page = new Page(style, LABEL).heading("Content store");
        page.line("items", Long.toString(usage.items()));
        page.line("used", Units.bytes(usage.bytes()) + " of " + Units.bytes(usage.maxBytes()));
        page.line("kept", Units.bytes(usage.pinnedBytes()));
        page.line("unfinished", Units.bytes(usage.stagingBytes()));
        page.line("free", Units.bytes(usage.freeBytes()));
        var damaged = usage.quarantined() == 0 ? null : Long.toString(usage.quarantined());
        page.line("set aside", damaged, Style.Tint.FAILED);
        return page.toString();
    }
}
