package dev.capstan.host.fshare.fake;

/** What a folder can hold. */
public sealed interface Item permits FakeFile, FakeFolder {

    /**
     * The code in links to it.
     *
     * @return letters and digits, as given
     */
    String code();

    /**
     * The name it is listed by.
     *
     * @return the name
     */
    String name();

    /**
     * The size it is listed with.
     *
     * @return bytes; 0 for a folder
     */
    long listedSize();

    /**
     * The canonical link.
     *
     * @return the link, which names the real service; the fake never goes there
     */
    default String link() {
        var kind = this instanceof FakeFile ? "file" : "folder";
        return "https://www.fshare.vn/" + kind + "/" + code();
    }
}
