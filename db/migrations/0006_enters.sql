ALTER TABLE "cursors" ADD COLUMN "entered" jsonb;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "event_type" text;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "enters_as" text;--> statement-breakpoint
UPDATE "external_events" SET "enters_as" = CASE
  WHEN "content" @> '{"title":"Busy","body":"","location":""}' AND "content" ->> 'visibility' IN ('private', 'confidential') THEN 'busy'
  ELSE 'full' END;--> statement-breakpoint
ALTER TABLE "external_events" ALTER COLUMN "enters_as" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "first_seen_at" timestamp with time zone;--> statement-breakpoint
UPDATE "quarantine" SET "first_seen_at" = "at";--> statement-breakpoint
ALTER TABLE "quarantine" ALTER COLUMN "first_seen_at" SET NOT NULL;--> statement-breakpoint
UPDATE "providers" SET "policies" = '{"enters":"all","marker":null,"eventTypes":["default","outOfOffice","focusTime","fromGmail"]}'::jsonb || "policies";--> statement-breakpoint
CREATE INDEX "intents_mapping" ON "intents" USING btree ("mapping_id");--> statement-breakpoint
CREATE INDEX "mappings_external" ON "mappings" USING btree ("provider_id","external_id");
