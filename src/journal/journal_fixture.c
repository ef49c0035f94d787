/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

int fixture_setup(void **state)
{
        struct fixture *fixture = calloc(1, sizeof(*fixture));

        if (!fixture)
                return -1;
        /* Memory where there is some: these tests sync hundreds of times and no power will fail. */
        snprintf(fixture->folder, sizeof(fixture->folder), "%s/garde-journal-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(fixture->folder))
                return -1;
        snprintf(fixture->path, sizeof(fixture->path), "%s/journal", fixture->folder);
        snprintf(fixture->key_path, sizeof(fixture->key_path), "%s/key", fixture->folder);
        snprintf(fixture->export_path, sizeof(fixture->export_path), "%s/export", fixture->folder);
        fixture->manual.wall_ms = 1584871200000; /* 2020-03-22T10:00:00Z */
        fixture->clock = clock_manual_view(&fixture->manual);
        fixture->random = random_seeded_view(&fixture->seeded, 20200322);
        *state = fixture;
        return 0;
}

static void remove_folder(const char *folder)
{
        DIR *dir = opendir(folder);
        struct dirent *entry;
        char path[512];

        while (dir && (entry = readdir(dir))) {
                if (entry->d_name[0] == '.')
                        continue;
                snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
                unlink(path);
        }
        if (dir)
                closedir(dir);
        rmdir(folder);
}

int fixture_teardown(void **state)
{
        struct fixture *fixture = *state;

        journal_close(fixture->journal);
        remove_folder(fixture->folder);
        free(fixture);
        return 0;
}

int fixture_open(struct fixture *fixture)
{
        struct journal_config config = {.path = fixture->path,
                                        .key_path = fixture->key_path,
                                        .clock = &fixture->clock,
                                        .random = &fixture->random,
                                        .views = fixture->views,
                                        .view_count = fixture->view_count};

        fixture->journal = journal_close(fixture->journal);
        return journal_open(&config, &fixture->journal, &fixture->error);
}

uint64_t fixture_note(struct fixture *fixture, const char *text, const char *personal)
{
        struct record_draft draft = {.type = RECORD_TYPE_NOTE, .subject = "", .author = "test"};
        uint64_t seq = UINT64_MAX;

        draft.body = json_pack("{s:s}", "text", text);
        draft.personal = personal ? json_pack("{s:s}", "name", personal) : NULL;
        clock_manual_advance(&fixture->manual, 1000000000);
        assert_int_equal(journal_append(fixture->journal, &draft, &seq, &fixture->error), 0);
        json_decref(draft.body);
        json_decref(draft.personal);
        return seq;
}

void fixture_sql(struct fixture *fixture, const char *sql)
{
        sqlite3 *database = NULL;
        char *problem = NULL;

        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
        if (sqlite3_exec(database, sql, NULL, NULL, &problem) != SQLITE_OK)
                fail_msg("%s: %s", sql, problem);
        sqlite3_close(database);
}

char *fixture_read(const char *path, size_t *ret_length)
{
        char *data = NULL;

        assert_int_equal(file_read(path, 64 << 20, &data, ret_length, NULL), 0);
        return data;
}

void fixture_write(const char *path, const char *data, size_t length)
{
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        assert_int_equal(fwrite(data, 1, length, file), length);
        assert_int_equal(fclose(file), 0);
}
