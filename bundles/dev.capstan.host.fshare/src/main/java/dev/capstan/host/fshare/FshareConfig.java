package dev.capstan.host.fshare;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration {@value Fshare#PID}. A change drops the session and frees held downloads. */
@ObjectClassDefinition(
        name = "Capstan: Fshare",
        description =
                "The operator's own VIP account. E-mail, password, application key and User-Agent"
                        + " are needed together.")
@interface FshareConfig {

    @AttributeDefinition(name = "E-mail", description = "The account's name.")
    String email() default "";

    @AttributeDefinition(
            name = "Password",
            description = "The password, or where it is: file:NAME or env:NAME.",
            type = AttributeType.PASSWORD)
    String password() default "";

    @AttributeDefinition(
            name = "Application key",
            description =
                    "The key of the application that the operator registered with Fshare, or where"
                            + " it is: file:NAME or env:NAME.",
            type = AttributeType.PASSWORD)
    String appKey() default "";

    @AttributeDefinition(
            name = "User-Agent",
            description = "The User-Agent that was registered together with the application key.")
    String userAgent() default "";

    @AttributeDefinition(name = "Account API", description = "Its base address.")
    String apiUrl() default "https://api.fshare.vn/api";

    @AttributeDefinition(
            name = "Folder listing",
            description = "The address of the listing that needs no account.")
    String folderUrl() default "https://www.fshare.vn/api/v3/files/folder";

    @AttributeDefinition(name = "Hosts", description = "Exact host names whose links are Fshare's.")
    String[] hosts() default {"fshare.vn", "www.fshare.vn"};

    @AttributeDefinition(
            name = "Delivery hosts",
            description =
                    "Where direct links may lead: with a leading dot all hosts below a name,"
                            + " without one exactly that host.")
    String[] deliveryHosts() default {".fshare.vn"};

    @AttributeDefinition(
            name = "Distance of calls",
            description = "Least time between the starts of two calls, as in \"500 ms\".")
    String callSpacing() default "500 ms";

    @AttributeDefinition(
            name = "Connections",
            description = "Most connections for one file.",
            min = "1",
            max = "16")
    int maxConnections() default 3;

    @AttributeDefinition(
            name = "Idle session",
            description =
                    "After this time without use a session is not tried any more, as in \"6 h\".")
    String sessionIdle() default "6 h";

    @AttributeDefinition(
            name = "Folder page",
            description = "Entries that are asked for at once.",
            min = "1",
            max = "100")
    int folderPageSize() default 50;

    @AttributeDefinition(
            name = "Folder depth",
            description = "How deep sub-folders are expanded.",
            min = "0",
            max = "5")
    int maxDepth() default 5;

    @AttributeDefinition(
            name = "Folder pages",
            description = "Most pages of one folder.",
            min = "1",
            max = "10000")
    int maxPages() default 200;

    @AttributeDefinition(
            name = "Folder entries",
            description = "Most entries of one folder.",
            min = "1",
            max = "100000")
    int maxEntries() default 10_000;

    @AttributeDefinition(
            name = "Words of a daily limit",
            description = "Parts of Fshare's messages; case and diacritics do not count.")
    String[] dailyLimitTexts() default {
        "daily limit",
        "download limit",
        "limit per day",
        "gioi han trong ngay",
        "gioi han tai",
        "het luu luong"
    };

    @AttributeDefinition(
            name = "Words of a suspended account",
            description = "Parts of Fshare's messages; case and diacritics do not count.")
    String[] suspendedTexts() default {"suspended", "banned", "bi khoa", "dinh chi"};

    @AttributeDefinition(
            name = "Words of a link password",
            description = "Parts of Fshare's messages; case and diacritics do not count.")
    String[] passwordTexts() default {"password", "mat khau"};
}
